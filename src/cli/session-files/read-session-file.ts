import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';
import { readCsv } from './read-csv.ts';
import { readJsonLines } from './read-json-lines.ts';
import { readParquet } from './read-parquet.ts';
import { type FileRecord, type SessionRow, toSessionRow } from './session-rows.ts';

export const sessionFormats = ['csv', 'jsonl', 'parquet'] as const;
export type SessionFormat = (typeof sessionFormats)[number];

const readers: Readonly<Record<SessionFormat, (file: string) => AsyncIterable<FileRecord>>> = {
  csv: readCsv,
  jsonl: readJsonLines,
  parquet: readParquet,
};

/**
 * Returns the format of a file, based on the extension of its name. @throws CommandFailure if the extension is
 * unknown.
 */
export function formatOf(file: string): SessionFormat {
  const ending = file.split('.').at(-1)?.toLowerCase();
  const format = sessionFormats.find((name) => name === (ending === 'ndjson' ? 'jsonl' : ending));
  if (format !== undefined) return format;
  throw new CommandFailure(
    exitCodes.usageError,
    'the name of the file does not show its format',
    `Add --format with one of: ${sessionFormats.join(', ')}.`,
  );
}

/**
 * Yields the sessions in a file, in order. Memory use does not grow with the file: only a chunk is in memory, or one
 * row group of a Parquet file. @throws CommandFailure if a row is not a session.
 */
export async function* readSessionFile(file: string, format: SessionFormat): AsyncGenerator<SessionRow> {
  let row = 0;
  for await (const record of readers[format](file)) {
    row += 1;
    yield toSessionRow(record, row);
  }
}

/**
 * Returns the SHA-256 of a file in hex, which identifies its import. @throws CommandFailure if the file cannot be
 * read.
 */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFailure(exitCodes.usageError, `cannot read the file (${code})`);
  }
  return hash.digest('hex');
}
