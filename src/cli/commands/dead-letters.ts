import { parseArgs } from 'node:util';
import { createClickHouseDeadLetterStore } from '../../../consumers/dead-letter/clickhouse-dead-letter-store.ts';
import type { DeadLetterStore } from '../../../consumers/dead-letter/dead-letter-store.ts';
import { type ReplayOutcome, replayLetter } from '../../../consumers/recovery/repair/replay.ts';
import { type AuditLog, createAuditLog } from '../../access/audit/audit.ts';
import { failpointOf } from '../../app/assemble.ts';
import { openControl } from '../../app/control.ts';
import type { Config } from '../../config/settings.ts';
import { systemClock } from '../../platform/clock.ts';
import { letterLines, listLine } from '../output/dead-letter-text.ts';
import type { Command, CommandContext } from '../support/command.ts';
import { commandLineActor, type EventTables, openEventTables } from '../support/event-tables.ts';
import { loadConfig } from './config-check.ts';

const inUse = 'embedded tables belong to one process: stop watmeter first';

export const deadLettersList: Command = {
  name: 'dead-letters list',
  usage:
    'watmeter dead-letters list [--reason TEXT] [--producer ID] [--since TIME] [--limit N] [--all] [--json]',
  summary: `list messages that nobody could read, the newest first; --all: replayed ones too (${inUse})`,
  async run(context) {
    const { values } = parseArgs({
      args: [...context.args],
      options: {
        reason: { type: 'string' },
        producer: { type: 'string' },
        since: { type: 'string' },
        limit: { type: 'string', default: '50' },
        all: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const [limit, sinceMs] = [Number(values.limit), values.since && Date.parse(values.since)];
    if (!Number.isInteger(limit) || limit < 1 || Number.isNaN(sinceMs)) {
      context.printError(
        `--limit is a count, --since an instant such as 2026-11-21T08:00:00Z\n\n${this.usage}`,
      );
      return 2;
    }
    return withLetters(context, async ({ letters }) => {
      const found = await letters.list({
        reason: values.reason,
        producer: values.producer,
        sinceMs: sinceMs === '' ? undefined : sinceMs,
        includeReplayed: values.all === true,
        limit,
      });
      for (const letter of found) context.print(values.json ? JSON.stringify(letter) : listLine(letter));
      return 0;
    });
  },
};

export const deadLettersShow: Command = {
  name: 'dead-letters show',
  usage: 'watmeter dead-letters show ID',
  summary: `show one with its headers and its body, also one that is no text (${inUse})`,
  async run(context) {
    const [id] = context.args;
    if (id === undefined) {
      context.printError(`usage: ${this.usage}`);
      return 2;
    }
    return withLetters(context, async ({ letters }) => {
      const letter = await letters.find(id);
      if (letter === undefined) {
        context.printError(`there is no dead letter ${id}`);
        return 1;
      }
      for (const line of letterLines(letter)) context.print(line);
      return 0;
    });
  },
};

export const deadLettersReplay: Command = {
  name: 'dead-letters replay',
  usage: 'watmeter dead-letters replay ID... | --all-of REASON',
  summary: `read them again, and count those that this version can read; exit code 1 when one stays (${inUse})`,
  async run(context) {
    const { values, positionals } = parseArgs({
      args: [...context.args],
      options: { 'all-of': { type: 'string' } },
      allowPositionals: true,
    });
    const reason = values['all-of'];
    if ((reason === undefined) === (positionals.length === 0)) {
      context.printError(`usage: ${this.usage}`);
      return 2;
    }
    return withLetters(context, async ({ letters, hold }, config) => {
      const ids = reason === undefined ? positionals : waitingIds(letters, reason);
      const failpoint = failpointOf(config);
      const replay = (id: string) => replayLetter(id, { letters, hold, failpoint });
      return withAudit(config, (audit) => replayAll(ids, replay, audit, context));
    });
  },
};

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

/** One line a letter, one line of the audit log for each; @returns the exit code. */
async function replayAll(
  ids: Iterable<string> | AsyncIterable<string>,
  replay: (id: string) => Promise<ReplayOutcome>,
  audit: AuditLog,
  { print }: CommandContext,
): Promise<number> {
  const counts = new Map<ReplayOutcome['kind'], number>();
  for await (const id of ids) {
    const entry = { actor: commandLineActor(), action: 'dead-letter.replay', target: id, details: {} };
    const outcome = await audit.around(entry, async () => ({ ...(await replay(id)) }));
    counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
    print(`${id}: ${outcome.kind}${outcome.kind === 'stays' ? `: ${outcome.reason}` : ''}`);
  }
  print([...counts].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'no such letters');
  return counts.has('stays') || counts.has('unknown') ? 1 : 0;
}

interface Stores extends Pick<EventTables, 'hold'> {
  readonly letters: DeadLetterStore;
}

async function withLetters(
  context: CommandContext,
  work: (stores: Stores, config: Config) => Promise<number>,
): Promise<number> {
  const config = loadConfig(context);
  if (config === undefined) return 2;
  const { client, hold, close } = await openEventTables(config);
  try {
    return await work({ hold, letters: createClickHouseDeadLetterStore(client, systemClock) }, config);
  } finally {
    await close();
  }
}

async function withAudit(config: Config, work: (audit: AuditLog) => Promise<number>): Promise<number> {
  const control = await openControl(config, systemClock);
  try {
    return await work(createAuditLog(control.store, systemClock));
  } finally {
    await control.store.destroy();
  }
}
