import type { FastifyRequest } from 'fastify';

/** Whether an address is this machine's own (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/**
 * Whether a request was made on this machine. One that a proxy passed on was not, whatever address it names: the
 * first one in X-Forwarded-For is written by the client.
 */
export function isLocal({ ip, headers }: FastifyRequest): boolean {
  return isLoopback(ip) && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined;
}
