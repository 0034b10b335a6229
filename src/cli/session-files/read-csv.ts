import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';
import type { FileRecord } from './session-rows.ts';

/**
 * Yields the records of a CSV file (RFC 4180). The first line must contain the column names. @throws CommandFailure
 * if the file is not valid CSV.
 */
export async function* readCsv(file: string): AsyncGenerator<FileRecord> {
  const records = createReadStream(file).pipe(parse({ bom: true, columns: true, skip_empty_lines: true }));
  try {
    for await (const record of records) yield record as FileRecord;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CommandFailure(exitCodes.failed, `not CSV: ${error.message}`, 'Nothing was imported.');
  }
}
