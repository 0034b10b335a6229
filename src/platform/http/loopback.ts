import type { FastifyRequest } from 'fastify';

/** Returns whether an address is a loopback address (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** Settings that show that watmeter is meant for other machines, or is behind a proxy. */
export interface LocalCheckConfig {
  readonly publicUrl: string | undefined;
  readonly trustProxy: boolean | readonly string[];
  readonly metricsToken: string | undefined;
}

/** Returns whether a request comes from a program on this machine, which has privileges. */
export type LocalCheck = (request: Pick<FastifyRequest, 'headers' | 'socket'>) => boolean;

/** Headers that proxies add to requests of other machines. */
const proxyHeader = /^(forwarded|via|x-real-ip|x-forwarded-.+)$/;
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Creates the check for local requests. The peer and `Host` must be loopback addresses: a page of another site can make
 * a browser on this machine send requests, but with the name of that site (DNS rebinding). No header may show a proxy,
 * which would forward requests of other machines. With PUBLIC_URL, TRUST_PROXY or METRICS_TOKEN, no request is local,
 * because a proxy that adds no header looks like a local program.
 */
export function createLocalCheck({ publicUrl, trustProxy, metricsToken }: LocalCheckConfig): LocalCheck {
  if (publicUrl !== undefined || trustProxy !== false || metricsToken !== undefined) return () => false;
  return ({ headers, socket }) =>
    isLoopback(socket.remoteAddress ?? '') &&
    loopbackHost.test(headers.host ?? '') &&
    !Object.keys(headers).some((name) => proxyHeader.test(name));
}
