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

/** Returns the format that the name of a file shows. @throws CommandFailure if it shows none. */
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

/** Reads the sessions of a file in order, in constant memory (Parquet: one row group). @throws CommandFailure. */
export async function* readSessionFile(file: string, format: SessionFormat): AsyncGenerator<SessionRow> {
  let row = 0;
  for await (const record of readers[format](file)) {
    row += 1;
    yield toSessionRow(record, row);
  }
}

/** Returns the SHA-256 of a file in hex digits, which identifies its import. @throws CommandFailure. */
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
