import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { isSameSecret } from '../crypto/secrets.ts';
import { peerHeader } from './worker-proxy.ts';

/**
 * Replaces the request listener of a server with a wrapper of it.
 * @throws Error when the server does not have exactly one request listener.
 */
export function wrapRequests(server: Server, wrap: (listener: RequestListener) => RequestListener): void {
  const [listener, ...others] = server.listeners('request') as RequestListener[];
  if (listener === undefined || others.length > 0)
    throw new Error('the server must have exactly one request listener');
  server.removeListener('request', listener).on('request', wrap(listener));
}

/**
 * Makes a server accept only requests that a process of this machine forwards with the secret (worker-proxy.ts). Other
 * connections are closed. The requests get the remote address that the forwarding process sends, because the rate limits of
 * refusals and the rules for loopback use it.
 */
export function acceptOnlyProxiedRequests(server: Server, secret: string): void {
  // The forwarding process reuses connections. With a timeout it could send a request on a connection that is closing.
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

/** Returns the value of the peer header and removes the header, because the client did not send it. */
function takePeer({ headers, rawHeaders }: IncomingMessage): string {
  const peer = headers[peerHeader];
  delete headers[peerHeader];
  const nameIndex = rawHeaders.findIndex((name, index) => index % 2 === 0 && name === peerHeader);
  if (nameIndex >= 0) rawHeaders.splice(nameIndex, 2);
  return typeof peer === 'string' ? peer : '';
}
