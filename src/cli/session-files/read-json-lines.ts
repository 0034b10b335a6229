import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type FileRecord, wrongRow } from './session-rows.ts';

/**
 * Yields the objects in a file with one JSON object per line. Empty lines are skipped. @throws CommandFailure for any
 * other line.
 */
export async function* readJsonLines(file: string): AsyncGenerator<FileRecord> {
  let row = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.trim() === '') continue;
    row += 1;
    yield parseObject(line, row);
  }
}

function parseObject(line: string, row: number): FileRecord {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch {
    throw wrongRow(row, 'is not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as FileRecord;
  throw wrongRow(row, 'is not a JSON object');
}
