import { createClickHouseDeadLetterStore } from '../../../../consumers/dead-letter/clickhouse-dead-letter-store.ts';
import type { DeadLetterStore } from '../../../../consumers/dead-letter/dead-letter-store.ts';
import { type ReplayOutcome, replayLetter } from '../../../../consumers/recovery/repair/replay.ts';
import type { AuditLog } from '../../../access/audit/audit.ts';
import type { Config } from '../../../app/config.ts';
import { systemClock } from '../../../platform/clock.ts';
import { failpointOf } from '../../../platform/failpoints.ts';
import { letterLines, letterTable } from '../../output/dead-letter-text.ts';
import { quoted } from '../../output/terminal-text.ts';
import type { CommandContext } from '../../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../../support/command-failure.ts';
import { commandLineActor, type EventTables, withEventTables } from '../../support/event-tables.ts';
import { loadSettings } from '../../support/settings.ts';
import { withAudit } from './command-audit.ts';

export interface ListLettersOptions {
  readonly reason?: string;
  readonly producer?: string;
  /** Earliest time at which a dead letter was first seen, in epoch milliseconds. */
  readonly since?: number;
  readonly limit: number;
  readonly all?: true;
  readonly json?: true;
}

export interface ReplayOptions {
  readonly allOf?: string;
}

/** Prints one line per dead letter, newest first. */
export function listLetters(context: CommandContext, options: ListLettersOptions): Promise<ExitCode> {
  return withLetters(context, async ({ letters }) => {
    const kept = await letters.list({
      reason: options.reason,
      producer: options.producer,
      sinceMs: options.since,
      includeReplayed: options.all === true,
      limit: options.limit,
    });
    if (options.json) for (const letter of kept) context.print(JSON.stringify(letter));
    else for (const line of letterTable(kept)) context.print(line);
    return exitCodes.done;
  });
}

/** Prints a dead letter with its headers and its body. */
export function showLetter(context: CommandContext, id: string): Promise<ExitCode> {
  return withLetters(context, async ({ letters }) => {
    const letter = await letters.find(id);
    if (letter === undefined)
      throw new CommandFailure(exitCodes.failed, `no such dead letter: ${quoted(id)}`);
    for (const line of letterLines(letter)) context.print(line);
    return exitCodes.done;
  });
}

/**
 * Replays dead letters: stores the events that this version can read. Fails if a dead letter is still unreadable or
 * an id is unknown.
 */
export async function replayLetters(
  context: CommandContext,
  ids: readonly string[],
  { allOf: reason }: ReplayOptions,
): Promise<ExitCode> {
  return withLetters(context, async ({ letters, hold }, config) => {
    const chosen = reason === undefined ? ids : waitingIds(letters, reason);
    const failpoint = failpointOf(config);
    const replay = (id: string) => replayLetter(id, { letters, hold, failpoint });
    return withAudit(config, (audit) => replayAll(chosen, replay, audit, context));
  });
}

const idsAtOnce = 500;

async function* waitingIds(letters: DeadLetterStore, reason: string): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const ids = await letters.waitingIds(reason, after, idsAtOnce);
    yield* ids;
    if (ids.length < idsAtOnce) return;
    after = ids.at(-1) ?? after;
  }
}

/** Replays dead letters. For each one, it prints a line and writes two entries to the audit log. */
async function replayAll(
  ids: Iterable<string> | AsyncIterable<string>,
  replay: (id: string) => Promise<ReplayOutcome>,
  audit: AuditLog,
  { print, showProgress }: CommandContext,
): Promise<ExitCode> {
  const counts = new Map<ReplayOutcome['kind'], number>();
  let replayed = 0;
  for await (const id of ids) {
    showProgress('replaying dead letters', `${replayed} done`);
    const entry = { actor: commandLineActor(), action: 'dead-letter.replay', target: id, details: {} };
    const outcome = await audit.around(entry, async () => ({ ...(await replay(id)) }));
    counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
    print(`${id}: ${outcome.kind}${outcome.kind === 'stays' ? `: ${outcome.reason}` : ''}`);
    replayed += 1;
  }
  print([...counts].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'no dead letter matches');
  return counts.has('stays') || counts.has('unknown') ? exitCodes.failed : exitCodes.done;
}

interface Stores extends Pick<EventTables, 'hold'> {
  readonly letters: DeadLetterStore;
}

async function withLetters(
  context: CommandContext,
  work: (stores: Stores, config: Config) => Promise<ExitCode>,
): Promise<ExitCode> {
  const config = loadSettings(context);
  return withEventTables(config, context, ({ client, hold }) =>
    work({ hold, letters: createClickHouseDeadLetterStore(client, systemClock) }, config),
  );
}
