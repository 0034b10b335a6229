import { Agent, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';

/** Says to the process that is handed a request that it was, and from which address it has come: `<secret> <address>`. */
export const peerHeader = 'x-watmeter-peer';

/** Where requests are handed over to: a port of this machine's loopback, and what is told nobody else. */
export interface HandOverTarget {
  readonly port: number;
  readonly secret: string;
}

export interface HandOver {
  readonly handle: RequestListener;
  close(): void;
}

const maxIdleConnections = 64;

/**
 * Hands requests to another process of this machine (proxied-requests.ts), and its answers back: headers as they are, bodies
 * as they come. Where that process ends before it has answered, the client gets no answer either.
 */
export function createHandOver({ port, secret }: HandOverTarget): HandOver {
  // A connection for each request that is under way: none waits for another one.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: maxIdleConnections });

  function handle(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url: path } = incoming;
    const headers = headersToSend(incoming, secret);
    const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers });
    let isAnswered = false;
    outgoing.on('response', (answer) => {
      isAnswered = true;
      response.writeHead(answer.statusCode ?? 500, answer.statusMessage, headersToAnswer(answer));
      // What breaks off must not look complete: then the connection is destroyed.
      pipeline(answer, response, () => {});
    });
    outgoing.on('error', () => {
      // What has become of the request is not known: an answer would say that it is. After an answer it is about a body
      // that nobody wanted to the end.
      if (!isAnswered) response.destroy();
    });
    response.on('close', () => outgoing.destroy());
    pipeline(incoming, outgoing, () => {});
  }

  return { handle, close: () => agent.destroy() };
}

/** What one connection says to its other end (RFC 9110, 7.6.1), and what was answered before it came here. */
const ofConnection = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade', 'expect'],
  peerHeader,
]);

/** Names and values in turn, with those that come more than once, in their order. */
function headersOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter(
    (_, index) => !ofConnection.has((rawHeaders[index - (index % 2)] ?? '').toLowerCase()),
  );
}

function headersToSend(incoming: IncomingMessage, secret: string): string[] {
  const { headers, method = '', socket } = incoming;
  const sent = [...headersOf(incoming), peerHeader, `${secret} ${socket.remoteAddress ?? ''}`];
  // HTTP/1.0 needs none.
  if (headers.host === undefined) sent.push('host', '');
  if (headers['transfer-encoding'] !== undefined) sent.push('transfer-encoding', 'chunked');
  // Node would send a body in chunks: there is none.
  else if (headers['content-length'] === undefined && ['POST', 'PUT', 'PATCH'].includes(method))
    sent.push('content-length', '0');
  return sent;
}

function headersToAnswer(answer: IncomingMessage): string[] {
  const closes = answer.headers.connection === 'close';
  return closes ? [...headersOf(answer), 'connection', 'close'] : headersOf(answer);
}
