import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { beforeEach, expect, it } from 'vitest';
import { findMisdated } from '../../../consumers/recovery/clock/misdated-sessions.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';
import { nowMs, useEventTable } from '../clickhouse/event-table.ts';
import { journalOf } from './planted.ts';

const table = useEventTable();
const minuteMs = 60_000;
const dayMs = 86_400_000;

beforeEach(() => table.client.command({ query: 'TRUNCATE TABLE session_events' }));

/** Creates the events of one producer. `idMs` is the time in the session id, undefined for an id without a time. */
const stream = (
  producer: string,
  sessions: readonly { readonly timeMs: number; readonly idMs: number | undefined }[],
): SessionEvent[] =>
  sessions.map(({ timeMs, idMs }, index) =>
    sessionEvent({
      ...{ producer, partition: 0, sequence: index + 1, timeMs },
      sessionId: idMs === undefined ? uuidv4() : uuidv7({ msecs: idMs }),
    }),
  );
const at = (timeMs: number, idMs: number | undefined = timeMs) => ({ timeMs, idMs });
const store = (...events: SessionEvent[]) => table.store.insert(table.store.encode(events));
const find = (journals: Parameters<typeof findMisdated>[0]['journals'] = []) =>
  findMisdated({ connection: { rows: (sql) => table.rows(sql) }, journals, nowMs });
const sequencesOf = ({ sessions }: Awaited<ReturnType<typeof find>>) =>
  sessions.map(({ producer, sequence }) => `${producer} ${sequence}`);

it('findMisdated finds no session in streams with long pauses, small time differences, or session ids without a time', async () => {
  const before = nowMs - 30 * dayMs;
  await store(
    ...stream('a', [at(before), at(before + dayMs), at(before + 9 * dayMs, before + 9 * dayMs - minuteMs)]),
    ...stream('b', [at(before, undefined), at(before + 2 * dayMs, undefined)]),
  );
  expect(await find()).toEqual({ sessions: [], isCutShort: false });
});

it('findMisdated finds a session that a wrong clock misdated, and later sessions that an earlier version misdated because of it', async () => {
  const startMs = nowMs - 30 * dayMs;
  const wrongMs = startMs + 10 * dayMs;
  // Until version 0.1.0, a journal never dated a session before the previous session, even if the previous time was wrong.
  await store(
    ...stream('a', [
      at(startMs),
      at(wrongMs),
      at(wrongMs, startMs + minuteMs),
      at(wrongMs, startMs + 2 * minuteMs),
      at(wrongMs + dayMs),
    ]),
  );
  const found = await find();
  expect(sequencesOf(found)).toEqual(['a 2', 'a 3', 'a 4']);
  expect(found.sessions.map(({ beforeMs }) => beforeMs - startMs)).toEqual([
    minuteMs,
    minuteMs,
    2 * minuteMs,
  ]);
});

it('findMisdated finds sessions whose time is more than one minute in the future', async () => {
  await store(
    ...stream('a', [at(nowMs - 1000), at(nowMs + minuteMs + 1)]),
    ...stream('b', [at(nowMs + minuteMs)]),
  );
  expect(sequencesOf(await find())).toEqual(['a 2']);
});

it('findMisdated finds the session before a backward clock step if the journal contains the producers before and after the step', async () => {
  const startMs = nowMs - 30 * dayMs;
  const { journal, producer, events } = await journalOf([startMs, startMs + 10 * dayMs, startMs + minuteMs]);
  expect(sequencesOf(await find([journal]))).toEqual([`${producer} 2`]);
  expect((await find([journal])).sessions).toMatchObject([
    { sessionId: events[1]?.sessionId, timeMs: startMs + 10 * dayMs, beforeMs: startMs + minuteMs },
  ]);
});
