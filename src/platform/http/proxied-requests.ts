import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { isSameSecret } from '../crypto/secrets.ts';
import { peerHeader } from './worker-proxy.ts';

/**
 * Replaces the request listener of a server by the result of `wrap`.
 * @throws Error if the server does not have exactly one request listener.
 */
export function wrapRequests(server: Server, wrap: (listener: RequestListener) => RequestListener): void {
  const [listener, ...others] = server.listeners('request') as RequestListener[];
  if (listener === undefined || others.length > 0)
    throw new Error('the server must have exactly one request listener');
  server.removeListener('request', listener).on('request', wrap(listener));
}

/**
 * Makes a server accept only requests that a process on this machine forwards with the secret (worker-proxy.ts). It
 * closes all other connections. The remote address of a request becomes the address that the forwarding process
 * sends, because rate limits and the rules for local clients use it.
 */
export function acceptOnlyProxiedRequests(server: Server, secret: string): void {
  // The forwarding process reuses connections. With a timeout, it could send a request on a connection that is being
  // closed.
  server.keepAliveTimeout = 0;
  wrapRequests(server, (listener) => (request, response) => {
    const [givenSecret = '', peerAddress = ''] = takePeer(request).split(' ');
    if (!isSameSecret(givenSecret, secret)) {
      request.socket.destroy();
      return;
    }
    Object.defineProperty(request.socket, 'remoteAddress', { value: peerAddress, configurable: true });
    listener(request, response);
  });
}

/**
 * Removes the peer header and returns its value. The header is for this process only: the request must look as the
 * client sent it.
 */
function takePeer({ headers, rawHeaders }: IncomingMessage): string {
  const peer = headers[peerHeader];
  delete headers[peerHeader];
  const nameIndex = rawHeaders.findIndex((name, index) => index % 2 === 0 && name === peerHeader);
  if (nameIndex >= 0) rawHeaders.splice(nameIndex, 2);
  return typeof peer === 'string' ? peer : '';
}
