import { type ApiClient, ApiProblem } from '../../api/api-client.ts';
import { type ApiOptions, openApi } from '../../api/api-session.ts';
import {
  digestOf,
  formatOf,
  readSessionFile,
  type SessionFormat,
} from '../../session-files/read-session-file.ts';
import type { SessionRow } from '../../session-files/session-rows.ts';
import type { CommandContext } from '../../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../../support/command-failure.ts';

export interface ImportOptions extends ApiOptions {
  readonly format?: SessionFormat;
  readonly dryRun?: true;
}

interface Progress {
  readonly producer: string;
  readonly next: number;
  readonly stored: number;
}

/** Maximum number of sessions in a request. It is below the server's limit of 5,000. */
const batchRows = 4000;
/** Maximum size of a request's sessions. It is half of the server's limit, which is 4 MiB. */
const batchBytes = 2 * 1024 * 1024;
const maxShownFaults = 50;

/**
 * Imports the sessions in a file. The server first validates all sessions, so one invalid session prevents the import
 * of the whole file. An interrupted import can be repeated: it continues after the last stored row. If all rows are
 * stored, a repeated import stores nothing.
 */
export async function importSessions(
  context: CommandContext,
  file: string,
  options: ImportOptions,
): Promise<ExitCode> {
  const { api, show } = await openApi(options, context);
  const format = options.format ?? formatOf(file);
  context.showProgress('reading the file');
  const path = `/api/v1/usage/imports/${await digestOf(file)}`;
  const rows = await checkFile(api, path, readSessionFile(file, format), context);
  const before = (await api.call('GET', path)) as Progress;
  if (options.dryRun) {
    show({ rows, stored: before.stored, dryRun: true }, () => [
      `${rows} sessions can be imported, ${before.stored} of them are imported already. Nothing was stored.`,
    ]);
    return exitCodes.done;
  }
  const stored = await storeFile(
    api,
    path,
    { rows, next: before.next },
    readSessionFile(file, format),
    context,
  );
  show({ rows, stored, alreadyStored: rows - stored, producer: before.producer }, () => [
    `imported ${stored} sessions${stored < rows ? `, ${rows - stored} were imported before` : ''}`,
  ]);
  return exitCodes.done;
}

/**
 * Makes the server validate every session of a file, and returns the number of sessions. @throws CommandFailure with
 * the validation errors.
 */
async function checkFile(
  api: ApiClient,
  path: string,
  sessions: AsyncIterable<SessionRow>,
  context: CommandContext,
): Promise<number> {
  let rows = 0;
  const faults: string[] = [];
  for await (const { first, batch } of batchesOf(sessions)) {
    faults.push(
      ...(await faultsOf(() => api.call('POST', path, { first, sessions: batch, dryRun: true }), first)),
    );
    rows = first + batch.length - 1;
    context.showProgress('checking', `${rows} sessions`);
    if (faults.length >= maxShownFaults) break;
  }
  if (faults.length > 0)
    throw new CommandFailure(exitCodes.failed, ...faults.slice(0, maxShownFaults), 'Nothing was imported.');
  if (rows === 0) throw new CommandFailure(exitCodes.failed, 'the file has no sessions');
  return rows;
}

async function storeFile(
  api: ApiClient,
  path: string,
  { rows, next }: { rows: number; next: number },
  sessions: AsyncIterable<SessionRow>,
  context: CommandContext,
): Promise<number> {
  let stored = 0;
  for await (const { first, batch } of batchesOf(sessions)) {
    const last = first + batch.length - 1;
    if (last >= next) {
      const result = (await api.call('POST', path, { first, sessions: batch })) as { stored: number };
      stored += result.stored;
    }
    context.showProgress('importing', `${last} of ${rows}`);
  }
  return stored;
}

/** Sends a request and returns its validation errors as text, with row numbers of the file. */
async function faultsOf(send: () => Promise<unknown>, first: number): Promise<string[]> {
  try {
    await send();
    return [];
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.faults.length === 0) throw error;
    return error.faults.map(({ path, message }) => {
      const [, index, member = ''] = /^\/sessions\/(\d+)(?:\/(.*))?$/.exec(path) ?? [];
      return index === undefined
        ? `${path} ${message}`
        : `row ${first + Number(index)}: ${member} ${message}`.replace('  ', ' ');
    });
  }
}

async function* batchesOf(
  sessions: AsyncIterable<SessionRow>,
): AsyncGenerator<{ readonly first: number; readonly batch: SessionRow[] }> {
  let first = 1;
  let batch: SessionRow[] = [];
  let bytes = 0;
  for await (const session of sessions) {
    const size = Buffer.byteLength(JSON.stringify(session)) + 1;
    if (batch.length === batchRows || (batch.length > 0 && bytes + size > batchBytes)) {
      yield { first, batch };
      first += batch.length;
      batch = [];
      bytes = 0;
    }
    batch.push(session);
    bytes += size;
  }
  if (batch.length > 0) yield { first, batch };
}
