import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { isSameSecret } from '../crypto/secrets.ts';
import { peerHeader } from './worker-proxy.ts';

/**
 * Wraps the request listener of a server.
 * @throws Error if the server does not have exactly one request listener.
 */
export function wrapRequests(server: Server, wrap: (listener: RequestListener) => RequestListener): void {
  const [listener, ...others] = server.listeners('request') as RequestListener[];
  if (listener === undefined || others.length > 0)
    throw new Error('the server must have exactly one request listener');
  server.removeListener('request', listener).on('request', wrap(listener));
}

/**
 * Makes a server accept only requests that another process on this machine forwards with the secret
 * (worker-proxy.ts). It closes other connections. The requests get the remote address that the forwarding
 * process sends, because the rate limits and the loopback rules use it.
 */
export function acceptOnlyProxiedRequests(server: Server, secret: string): void {
  // The forwarding process reuses connections. With a timeout, it could send a request on a connection that
  // is closing.
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

/** Returns the value of the peer header and removes the header, because it does not come from the client. */
function takePeer({ headers, rawHeaders }: IncomingMessage): string {
  const peer = headers[peerHeader];
  delete headers[peerHeader];
  const nameIndex = rawHeaders.findIndex((name, index) => index % 2 === 0 && name === peerHeader);
  if (nameIndex >= 0) rawHeaders.splice(nameIndex, 2);
  return typeof peer === 'string' ? peer : '';
}
