import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { createDeadLetter } from '../../../consumers/dead-letter/dead-letter.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { createKnownReplacements } from '../../../consumers/store/viewers/known-replacements.ts';
import { createViewerStore } from '../../../consumers/store/viewers/viewer-store.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { storedViewer } from '../../../src/events/stored-viewer.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';
import { nowMs, useEventTable } from './event-table.ts';

// The default time limit is too short, because each test runs many statements.
vi.setConfig({ testTimeout: 60_000 });

const table = useEventTable();
/** Pseudonym of the forgotten viewer. It is random, so that the files of the database do not contain it by chance. */
let forgotten = '';
const other = '0e'.repeat(16);
const random = 'a1'.repeat(16);
const laterRandom = 'b2'.repeat(16);
const dayMs = 86_400_000;

const viewers = () =>
  createViewerStore({ client: table.client, failpoint: noFailpoints, cluster: undefined });
const run = (query: string) => table.client.command({ query });

beforeEach(async () => {
  forgotten = randomBytes(16).toString('hex');
  for (const name of ['session_events', 'dead_letters', 'forgotten_viewers'])
    await run(`TRUNCATE TABLE ${name}`);
});

function replacement(members: Partial<Parameters<ReturnType<typeof viewers>['publish']>[0]> = {}) {
  const common = { id: 'request-1', organisationId: 'default', viewer: forgotten };
  return { ...common, replacement: random, beforeMs: nowMs, ...members };
}

let sequence = 0;
const session = (viewer: string, timeMs: number, organisationId = 'default'): SessionEvent =>
  sessionEvent({ viewer, timeMs, organisationId, sequence: ++sequence });

const store = (...events: SessionEvent[]) => table.store.insert(table.store.encode(events));

/** Returns the number of sessions of each viewer. */
async function counts(condition = '1'): Promise<Record<string, number>> {
  const rows = await table.rows<{ name: string; n: string }>(
    `SELECT ${storedViewer} AS name, count() AS n FROM session_events WHERE ${condition} GROUP BY name`,
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, Number(n)]));
}

it('the viewer store replaces the pseudonym in all months, but only in sessions of the organisation up to the request', async () => {
  await store(session(forgotten, nowMs - 40 * dayMs), session(forgotten, nowMs), session(other, nowMs));
  await store(session(forgotten, nowMs + 1), session(forgotten, nowMs, 'contoso'));
  await viewers().publish(replacement());
  expect(await viewers().replace()).toEqual(new Set(['request-1']));
  expect(await counts("organisation_id = 'default'")).toEqual({ [random]: 2, [other]: 1, [forgotten]: 1 });
  expect(await counts("organisation_id = 'contoso'")).toEqual({ [forgotten]: 1 });
  expect(await viewers().replace()).toEqual(new Set());
});

it('a viewer who was forgotten twice gets two random pseudonyms, and no mutation contains the old pseudonym', async () => {
  await store(session(forgotten, nowMs - 2 * dayMs), session(forgotten, nowMs - dayMs));
  await viewers().publish(replacement({ id: 'request-2', replacement: laterRandom }));
  await viewers().publish(replacement({ beforeMs: nowMs - 2 * dayMs }));
  expect(await viewers().replace()).toEqual(new Set(['request-1', 'request-2']));
  expect(await counts()).toEqual({ [random]: 1, [laterRandom]: 1 });
  const mutations = await table.text('SELECT command FROM system.mutations');
  expect(mutations).toContain('viewer');
  expect(mutations).not.toContain(forgotten.slice(0, 8));
});

it('the viewer store replaces the pseudonym in the bodies of dead letters, also in base64', async () => {
  const text = `{"viewer":"${forgotten}"`;
  const rawBody = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text)]);
  const message = { position: 1, identity: undefined, body: text, headers: '{}' };
  await table.store.insertDeadLetters([
    createDeadLetter(message, 'test', 'not a JSON object'),
    createDeadLetter({ ...message, position: 2, rawBody }, 'test', 'not a JSON object'),
    createDeadLetter({ ...message, position: 3, body: 'other' }, 'test', 'not a JSON object'),
  ]);
  await viewers().publish(replacement());
  expect(await viewers().replace()).toEqual(new Set(['request-1']));
  const letters = await table.rows<{ body: string; encoding: BufferEncoding }>(
    'SELECT body, encoding FROM dead_letters ORDER BY position',
  );
  const expected = Buffer.from(rawBody.toString('latin1').replace(forgotten, random), 'latin1');
  expect(letters.map(({ body, encoding }) => Buffer.from(body, encoding))).toEqual([
    Buffer.from(`{"viewer":"${random}"`),
    expected,
    Buffer.from('other'),
  ]);
});

it('sinks apply a replacement to new events, until the replacement is erased', async () => {
  let monotonicMs = 0;
  const known = createKnownReplacements(viewers().replacements, () => monotonicMs);
  const sink = createClickHouseEventStore(table.client, { nowMs: () => nowMs }, { viewers: known });
  await viewers().publish(replacement());
  await sink.readState();
  const late = session(forgotten, nowMs - 1);
  await sink.insert(sink.encode([late, session(forgotten, nowMs + 1)]));
  await sink.insertDeadLetters([
    createDeadLetter({ position: 1, identity: undefined, body: `"${forgotten}`, headers: '{}' }, 'test', 'x'),
  ]);
  expect(await counts()).toEqual({ [random]: 1, [forgotten]: 1 });
  expect(await table.text('SELECT body FROM dead_letters')).toBe(`"${random}\n`);
  await viewers().erase(['request-1']);
  monotonicMs = 20_000;
  await known.refresh();
  expect(sink.encode([late]).pieces.join('')).toContain(forgotten);
});

// The next test takes longer than 30 s, because ClickHouse does not remove rewritten parts before that.
const isLong = process.env['CI_LONG'] === '1';
it.runIf(isLong)(
  'no file of the database contains the pseudonym after it was replaced and erased (with CI_LONG=1)',
  async () => {
    await store(session(forgotten, nowMs - dayMs), session(other, nowMs - dayMs));
    await viewers().publish(replacement());
    for (const name of ['session_events', 'forgotten_viewers'])
      await run(`ALTER TABLE ${name} MODIFY SETTING old_parts_lifetime = 1`);
    expect(filesWith(forgotten)).not.toEqual([]);
    await viewers().replace();
    await viewers().erase(['request-1']);
    await vi.waitFor(
      async () => {
        // An insert starts the ClickHouse task that removes old parts.
        await store(session(other, nowMs));
        await viewers().publish(replacement({ id: 'request-2', viewer: other, beforeMs: 0 }));
        expect(filesWith(forgotten)).toEqual([]);
      },
      { timeout: 100_000, interval: 500 },
    );
    expect((await counts())[random]).toBe(1);
  },
  120_000,
);

/** Returns the files that contain a pseudonym as text, or as a UUID in the byte order of ClickHouse. */
function filesWith(viewer: string): string[] {
  const bytes = Buffer.from(viewer, 'hex');
  const stored = Buffer.concat([bytes.subarray(0, 8).reverse(), bytes.subarray(8).reverse()]);
  return readdirSync(table.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = readIfPresent(file);
      return content.includes(stored) || content.includes(viewer) || content.includes(viewer.slice(0, 8));
    });
}

/** Returns the content of a file, or no bytes if ClickHouse has removed the file since the directory was read. */
function readIfPresent(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
