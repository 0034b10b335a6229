import { isIP, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * Returns the key under which failures of a client are limited: its IPv4 address, or the first 64 bits of its IPv6
 * address, because one client can use all addresses of a /64. If a proxy reports a text that is not an address, the key
 * is that of the peer, so that the client cannot choose it.
 */
export function clientKeyOf({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const address = withoutPort(ip);
  return networkOf(isIP(address) === 0 ? (socket.remoteAddress ?? '') : address);
}

/** Some proxies add the port of the client to its address. */
function withoutPort(address: string): string {
  return (
    /^(\d+(?:\.\d+){3}):\d+$/.exec(address)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address
  );
}

/** Returns an IPv4 address unchanged, also one that is mapped to IPv6, and the /64 network of an IPv6 address. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [withoutZone = ''] = address.toLowerCase().split('%');
  const mapped = /^(?:0*:)*:?ffff:(\d+(?:\.\d+){3})$/.exec(withoutZone)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = withoutZone.split('::');
  const groups = head === '' ? [] : head.split(':');
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':');
  // An embedded IPv4 address at the end takes the place of two groups.
  const tailLength = tailGroups.length + (tailGroups.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - tailLength);
  const network = [...groups, ...Array<string>(zeros).fill('0'), ...tailGroups].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
