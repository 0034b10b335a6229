import { connect } from 'node:net';

/**
 * Sends raw bytes to a server. Returns everything that the server sends until it closes the connection or is silent
 * for `silentMs`.
 */
export function sendRaw(url: string, bytes: string | Buffer, silentMs = 400): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    // A server that rejects a large body closes the connection before it has read the body.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(answer));
    socket.write(bytes);
  });
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: Record<string, unknown>;
}

/**
 * Sends raw bytes to a server and parses its response.
 * @throws Error if the response is not a problem document.
 */
export async function problemFromRaw(url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const answer = await sendRaw(url, bytes);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  if (!/^content-type: application\/problem\+json/im.test(head))
    throw new Error(`the answer is not a problem document: ${answer}`);
  return { status: Number(head.split(' ')[1]), head, body: JSON.parse(body) };
}
