import type { FastifyRequest } from 'fastify';

/** Returns whether an address is a loopback address (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/**
 * Returns whether a request comes from this machine. A request that a proxy forwarded never counts as local, because the
 * client can write any address into X-Forwarded-For.
 */
export function isLocal({ ip, headers }: FastifyRequest): boolean {
  return isLoopback(ip) && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined;
}
