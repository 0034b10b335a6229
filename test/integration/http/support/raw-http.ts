import { connect } from 'node:net';

/** Bytes to a server as no client library would send them, and all that comes back until it closes or is silent. */
export function sendRaw(url: string, bytes: string | Buffer, silentMs = 400): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    // A server that refuses a large body closes before it has read it.
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

/** The same, taken apart; the answer must be a problem document. */
export async function problemFromRaw(url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const answer = await sendRaw(url, bytes);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  if (!/^content-type: application\/problem\+json/im.test(head)) throw new Error(`no problem: ${answer}`);
  return { status: Number(head.split(' ')[1]), head, body: JSON.parse(body) };
}
