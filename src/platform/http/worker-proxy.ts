import { Agent, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';

/**
 * Name of the header that the proxy adds: `<secret> <client address>`. The secret proves that the proxy has forwarded
 * the request.
 */
export const peerHeader = 'x-watmeter-peer';

/**
 * The process that receives forwarded requests: its port on loopback, and a secret that only the two processes know.
 */
export interface WorkerProxyTarget {
  readonly port: number;
  readonly secret: string;
}

/** Forwards requests to another process. */
export interface WorkerProxy {
  readonly handle: RequestListener;
  close(): void;
}

const maxIdleConnections = 64;

/**
 * Creates a proxy that forwards requests to another process on this machine (proxied-requests.ts) and streams the
 * responses back. If the other process exits before it responds, the proxy closes the client's connection without a
 * response.
 */
export function createWorkerProxy({ port, secret }: WorkerProxyTarget): WorkerProxy {
  // The agent opens one connection per concurrent request, so requests do not wait for each other.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: maxIdleConnections });

  function handle(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url: path } = incoming;
    const headers = headersToSend(incoming, secret);
    const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers });
    let isAnswered = false;
    outgoing.on('response', (answer) => {
      isAnswered = true;
      response.writeHead(answer.statusCode ?? 500, answer.statusMessage, headersToAnswer(answer));
      // If the body is cut off, `pipeline` destroys the connection, so that the client does not mistake a partial
      // body for a complete one.
      pipeline(answer, response, () => {});
    });
    outgoing.on('error', () => {
      // Before a response, the outcome of the request is unknown, so any status could be wrong. After a response, the
      // error only means that the other process did not read the whole request body.
      if (!isAnswered) response.destroy();
    });
    response.on('close', () => outgoing.destroy());
    pipeline(incoming, outgoing, () => {});
  }

  return { handle, close: () => agent.destroy() };
}

/**
 * Headers that are not forwarded: those that apply to one connection only (RFC 9110, 7.6.1), and `expect`, which this
 * process has already handled.
 */
const hopByHopHeaders = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade', 'expect'],
  peerHeader,
]);

/**
 * Returns the names and values of the forwarded headers as an alternating list, in their original order and with
 * repetitions.
 */
function forwardedHeadersOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter(
    (_, index) => !hopByHopHeaders.has((rawHeaders[index - (index % 2)] ?? '').toLowerCase()),
  );
}

function headersToSend(incoming: IncomingMessage, secret: string): string[] {
  const { headers, method = '', socket } = incoming;
  const forwarded = [...forwardedHeadersOf(incoming), peerHeader, `${secret} ${socket.remoteAddress ?? ''}`];
  // An HTTP/1.0 request may have no Host header, and the forwarded HTTP/1.1 request requires one.
  if (headers.host === undefined && incoming.httpVersion === '1.0') forwarded.push('host', '');
  if (headers['transfer-encoding'] !== undefined) forwarded.push('transfer-encoding', 'chunked');
  // Without a length, Node would send an empty chunked body.
  else if (headers['content-length'] === undefined && ['POST', 'PUT', 'PATCH'].includes(method))
    forwarded.push('content-length', '0');
  return forwarded;
}

function headersToAnswer(answer: IncomingMessage): string[] {
  const closes = answer.headers.connection === 'close';
  const forwarded = forwardedHeadersOf(answer);
  return closes ? [...forwarded, 'connection', 'close'] : forwarded;
}
