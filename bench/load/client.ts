import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly port: number;
  /** Number of connections. Each has one request at a time. */
  readonly connections: number;
  readonly count: number;
  /** Returns the bytes of the nth request. */
  readonly requestAt: (index: number) => Buffer;
}

export interface LoadResult {
  readonly elapsedMs: number;
  readonly latenciesMs: Float64Array;
}

const headEnd = Buffer.from('\r\n\r\n');
const lengthName = Buffer.from('content-length: ');
const okStatus = Buffer.from('HTTP/1.1 200 ');

/**
 * Sends requests over keep-alive connections. The code does as little work as possible, because it shares the cores
 * with the measured server. It does not pipeline requests. Every response must have status 200, and is read
 * completely, as its content-length says.
 * @throws Error with the response if its status is not 200.
 */
export async function sendLoad(options: LoadOptions): Promise<LoadResult> {
  const { port, connections, count, requestAt } = options;
  const latenciesMs = new Float64Array(count);
  let next = 0;
  let done = 0;

  return new Promise((resolve, reject) => {
    const sockets: Socket[] = [];
    let connected = 0;
    let startedMs = 0;

    function finish(error?: Error): void {
      for (const socket of sockets) socket.destroy();
      if (error === undefined) resolve({ elapsedMs: performance.now() - startedMs, latenciesMs });
      else reject(error);
    }

    function createExchanger(socketOf: () => Socket) {
      const answer = createAnswerReader();
      let index = 0;
      let sentMs = 0;
      return {
        send() {
          if (next >= count) return;
          index = next;
          next += 1;
          sentMs = performance.now();
          socketOf().write(requestAt(index));
        },
        receive(bytes: Buffer) {
          try {
            if (!answer.isComplete(bytes)) return;
          } catch (error) {
            finish(error as Error);
            return;
          }
          latenciesMs[index] = performance.now() - sentMs;
          done += 1;
          if (done === count) finish();
          else this.send();
        },
      };
    }

    const exchangers: ReturnType<typeof createExchanger>[] = [];
    for (let number = 0; number < connections; number += 1) {
      const exchanger = createExchanger(() => socket);
      // The socket reads into one buffer, which costs half as much as `data` events.
      const onread = {
        buffer: Buffer.allocUnsafe(16 * 1024),
        callback(length: number, buffer: Uint8Array) {
          exchanger.receive((buffer as Buffer).subarray(0, length));
          return true;
        },
      };
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, () => {
        connected += 1;
        if (connected < connections) return;
        startedMs = performance.now();
        for (const each of exchangers) each.send();
      });
      socket.on('error', finish);
      socket.on('end', () => finish(new Error('the server closed a connection')));
      sockets.push(socket);
      exchangers.push(exchanger);
    }
  });
}

/** Creates a reader that detects when a response is complete. */
function createAnswerReader() {
  let missing = 0;
  let head: Buffer | undefined;
  return {
    isComplete(chunk: Buffer): boolean {
      if (missing > 0) {
        missing -= chunk.length;
        return missing === 0;
      }
      const bytes = head === undefined ? chunk : Buffer.concat([head, chunk]);
      const end = bytes.indexOf(headEnd);
      if (end === -1) {
        head = Buffer.from(bytes);
        return false;
      }
      head = undefined;
      missing = end + headEnd.length + contentLengthOf(bytes, end) - bytes.length;
      return missing === 0;
    },
  };
}

function contentLengthOf(bytes: Buffer, end: number): number {
  if (okStatus.compare(bytes, 0, okStatus.length) !== 0) throw new Error(`not 200: ${bytes}`);
  const at = bytes.indexOf(lengthName);
  if (at === -1 || at > end) throw new Error(`an answer without its length: ${bytes}`);
  let length = 0;
  for (let place = at + lengthName.length; bytes[place] !== 13; place += 1) {
    length = length * 10 + (bytes[place] ?? 0) - 48;
  }
  return length;
}
