import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecentCounts, replaySeconds } from '../../../../src/usage/live/recent-counts.ts';
import {
  type LiveFilter,
  type LiveTick,
  mostConfigurations,
  tickOf,
} from '../../../../src/usage/live/ticks.ts';
import type { SecondCount } from '../../../../src/usage/query/statements/live-sql.ts';

const everyone: LiveFilter = { organisationId: undefined, configurationIds: [] };
const startSecond = 1_796_000_000;

const anySession = fc.record({
  second: fc.nat(400).map((second) => startSecond + second),
  organisationId: fc.constantFrom('one', 'two'),
  configurationId: fc.constantFrom('a', 'b', 'c'),
});
type Session = Omit<SecondCount, 'sessions'>;

/** Counts the sessions in a window by second, organisation and configuration, like the store. */
function countsIn(sessions: readonly Session[], from: number, to: number): SecondCount[] {
  const counts = new Map<string, SecondCount>();
  for (const session of sessions.filter(({ second }) => second >= from && second < to)) {
    const key = JSON.stringify(session);
    counts.set(key, { ...session, sessions: (counts.get(key)?.sessions ?? 0) + 1 });
  }
  return [...counts.values()];
}

const isSeenBy =
  ({ organisationId, configurationIds }: LiveFilter) =>
  (session: Session) =>
    (organisationId === undefined || session.organisationId === organisationId) &&
    (configurationIds.length === 0 || configurationIds.includes(session.configurationId));

interface Expected {
  readonly seen: readonly Session[];
  readonly sent: number | undefined;
  readonly through: number;
}

function expectTicks(ticks: readonly LiveTick[], { seen, sent, through }: Expected): void {
  const first = sent === undefined ? through : Math.max(sent + 1, through - replaySeconds + 1);
  expect(ticks.map((tick) => tick.through)).toEqual(
    Array.from({ length: through - first + 1 }, (_, index) => first + index),
  );
  for (const tick of ticks) {
    const inSecond = seen.filter(({ second }) => second === tick.through - 1);
    const inMinute = seen.filter(({ second }) => second < tick.through && second >= tick.through - 60);
    expect([tick.lastSecond, tick.lastMinute]).toEqual([inSecond.length, inMinute.length]);
    const listed = tick.configurations.reduce((sum, { lastMinute }) => sum + lastMinute, 0);
    expect(listed).toBe(tick.lastMinute);
  }
}

describe('live ticks', () => {
  const anyFilter = fc.record({
    organisationId: fc.constantFrom(undefined, 'one', 'two'),
    configurationIds: fc.subarray(['a', 'b', 'never']),
  });

  it('count each session once, for every client and polling interval, also after a reconnect', () => {
    const anyCase = fc.record({
      sessions: fc.array(anySession, { maxLength: 200 }),
      steps: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }),
      filter: anyFilter,
      absentFor: fc.nat(3),
    });
    fc.assert(
      fc.property(anyCase, ({ sessions, steps, filter, absentFor }) => {
        const recent = createRecentCounts();
        const seen = sessions.filter(isSeenBy(filter));
        let through = startSecond;
        let sent: number | undefined;
        let absent = 0;
        for (const step of steps) {
          through += step;
          const from = recent.readFrom(through);
          recent.add(countsIn(sessions, from, through), from, through);
          absent = absent < absentFor && sent !== undefined && through - sent < 30 ? absent + 1 : 0;
          if (absent > 0) continue;
          expectTicks(recent.ticksAfter(sent, filter), { seen, sent, through });
          sent = through;
        }
      }),
    );
  });

  it('list the busiest configurations first, up to the maximum number of configurations in a tick', () => {
    const counts = Array.from({ length: mostConfigurations + 1 }, (_, index) => ({
      ...{ second: startSecond, organisationId: 'one', configurationId: `c-${index}` },
      sessions: index + 1,
    }));
    const tick = tickOf(counts, startSecond + 1, everyone);
    expect([tick.isCut, tick.configurations.length]).toEqual([true, mostConfigurations]);
    expect(tick.configurations[0]).toEqual({
      configurationId: `c-${mostConfigurations}`,
      lastSecond: mostConfigurations + 1,
      lastMinute: mostConfigurations + 1,
    });
  });

  it('contain no past seconds for a client whose event id is in the future', () => {
    const recent = createRecentCounts();
    recent.add([], startSecond, startSecond + 10);
    expect(recent.ticksAfter(startSecond + 99, everyone)).toEqual([]);
  });
});
