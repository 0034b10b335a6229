import { setImmediate as nextTurn } from 'node:timers/promises';

/** Target size of a batch in bytes. Parsing a batch takes about 1 ms. */
const batchBytes = 64 * 1024;
const lineFeed = 10;

/**
 * Yields the rows of a streamed result in the format `JSONEachRow`, in batches. Other work can run between two
 * batches, and memory use does not depend on the size of the result.
 * @throws Error if the result ends within a row, or contains an exception of the server.
 */
export async function* streamRows<T>(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<T[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let data = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
    for (let end = endOfBatch(data); end > 0; end = endOfBatch(data)) {
      yield parseLines<T>(data.subarray(0, end));
      data = data.subarray(end);
      await nextTurn();
    }
    rest = data;
  }
  if (rest.length > 0) yield parseLines<T>(rest);
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Returns the end of a batch of complete lines in the data, or 0 if no line is complete. */
function endOfBatch(data: Buffer): number {
  const last = data.lastIndexOf(lineFeed, Math.min(batchBytes, data.length));
  return (last < 0 ? data.indexOf(lineFeed) : last) + 1;
}

/**
 * Parses complete lines. If the server fails while it sends a result, the result contains the server's exception, as
 * a row or as text.
 */
function parseLines<T>(lines: Buffer): T[] {
  const rows = parseJsonLines(lines);
  if (rows.some((row) => typeof row !== 'object' || row === null || 'exception' in row))
    // The error does not contain the exception, because its text may quote stored data.
    throw new Error('the statement failed after its first rows');
  return rows as T[];
}

function parseJsonLines(lines: Buffer): unknown[] {
  try {
    return lines
      .toString('utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch {
    return [undefined];
  }
}
