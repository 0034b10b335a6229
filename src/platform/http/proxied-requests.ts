import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { isSameSecret } from '../crypto/secrets.ts';
import { peerHeader } from './worker-proxy.ts';

/** Puts something before what a server does with its requests. */
export function wrapRequests(server: Server, wrap: (listener: RequestListener) => RequestListener): void {
  const [listener, ...others] = server.listeners('request') as RequestListener[];
  if (listener === undefined || others.length > 0) throw new Error('a server has one listener of requests');
  server.removeListener('request', listener).on('request', wrap(listener));
}

/**
 * Lets a server take requests that other processes of this machine hand over (worker-proxy.ts), and no others. They come
 * from where these say: by the address refusals are limited, and who is on this machine may see more.
 */
export function takeOnlyHandedOver(server: Server, secret: string): void {
  // Whoever hands over keeps connections, and must not meet one that is just being closed.
  server.keepAliveTimeout = 0;
  wrapRequests(server, (listener) => (request, response) => {
    const [given = '', peer = ''] = takePeer(request).split(' ');
    if (!isSameSecret(given, secret)) {
      request.socket.destroy();
      return;
    }
    Object.defineProperty(request.socket, 'remoteAddress', { value: peer, configurable: true });
    listener(request, response);
  });
}

/** The header is taken away: it is none of the client's. */
function takePeer({ headers, rawHeaders }: IncomingMessage): string {
  const peer = headers[peerHeader];
  delete headers[peerHeader];
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name === peerHeader);
  if (at >= 0) rawHeaders.splice(at, 2);
  return typeof peer === 'string' ? peer : '';
}
