import { setImmediate as nextTurn } from 'node:timers/promises';

/** Parsing this much takes about a millisecond. */
const batchBytes = 64 * 1024;
const lineFeed = 10;

/**
 * Yields the rows of a streamed result in the format `JSONEachRow`, in batches. Other work gets its turn between two batches,
 * and memory does not grow with the result.
 * @throws Error when the result ends within a row or with the exception of a server.
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

/** Returns where a batch of whole lines ends; 0 where no line is complete. */
function endOfBatch(data: Buffer): number {
  const last = data.lastIndexOf(lineFeed, Math.min(batchBytes, data.length));
  return (last < 0 ? data.indexOf(lineFeed) : last) + 1;
}

/** A server that fails within a result writes its exception into it, as a row or as a text. */
function parseLines<T>(lines: Buffer): T[] {
  const rows = parsed(lines);
  if (rows.some((row) => typeof row !== 'object' || row === null || 'exception' in row))
    // The exception may quote what is stored, so its text is no part of the error.
    throw new Error('the statement failed after its first rows');
  return rows as T[];
}

function parsed(lines: Buffer): unknown[] {
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
