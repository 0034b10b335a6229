import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { messageOf } from '../../platform/errors/errors.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';
import type { FileRecord } from './session-rows.ts';

/**
 * Yields the records of a Parquet file. Only one row group is in memory. @throws CommandFailure if the file is not a
 * readable Parquet file.
 */
export async function* readParquet(path: string): AsyncGenerator<FileRecord> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      yield* await parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors });
      rowStart = rowEnd;
    }
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(
      exitCodes.failed,
      `not a readable Parquet file: ${messageOf(error)}`,
      'Nothing was imported.',
    );
  }
}
