import { Type } from 'typebox';
import type { Depth } from './integrity/model/report.ts';

const Count = Type.Integer({ minimum: 0 });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const listOf = <T extends Parameters<typeof Type.Array>[0]>(item: T, description: string) =>
  Type.Array(item, { description });
const Instant = Type.String({ format: 'date-time' });
const stream = { producer: Type.String(), partition: Count };
const counts = {
  accepted: count('stored + deadLettered + waiting + missing'),
  stored: count('Events in the usage store'),
  deadLettered: count('Unreadable events, stored as dead letters'),
  waiting: count('Accepted events that are not stored yet. This is not a fault'),
  missing: count('Accepted events that are not stored, dead-lettered or waiting'),
  surplus: count('Surplus rows: all rows of an event except the first'),
};
export const DepthParameter = Type.Unsafe<Depth>({
  type: 'string',
  enum: ['ledger', 'full'],
  default: 'full',
  examples: ['full'],
  description:
    '`ledger` compares counts only and is cheap. `full` compares every row, projection and journal entry',
});
const Event = Type.Object({ ...stream, sequence: Count });

const Findings = Type.Object(
  {
    holes: listOf(
      Type.Object({
        ...{ ...stream, first: Count, last: Count },
        inJournal: Type.Boolean({
          description: 'True if a journal contains the events, so that `npx watmeter repair` can store them',
        }),
      }),
      'Missing ranges: consecutive sequences that are not stored',
    ),
    doubledEvents: listOf(
      Type.Object({ ...stream, sequence: Count, rows: Count, months: Type.Array(Count) }),
      'Duplicates: events with several rows',
    ),
    doubledSessions: listOf(Type.Object({ events: Type.Array(Event) }), 'Sessions with several events'),
    differingRows: listOf(
      Type.Object({ ...stream, sequence: Count, members: Type.Array(Type.String()) }),
      'Rows that differ from the journal',
    ),
    driftedProjections: listOf(
      Type.Object({
        projection: Type.String(),
        month: Count,
        sessionsByRows: Count,
        sessionsByProjection: Count,
      }),
      'Projections (stored aggregates) whose counts differ from those of the rows',
    ),
    isCutShort: Type.Boolean({
      description: 'True if the report does not list all findings of a kind',
    }),
  },
  { title: 'IntegrityFindings' },
);

const countsExample = { accepted: 41, stored: 41, deadLettered: 0, waiting: 0, missing: 0, surplus: 0 };
const example = {
  exact: true,
  depth: 'full',
  checkedAt: '2026-11-21T09:00:00.250Z',
  journals: ['own'],
  totals: countsExample,
  namelessLetters: 0,
  streams: [{ producer: '01993f0a-0000-7b3a-9d52-8f4e1c7a2b60', partition: 0, ...countsExample }],
  findings: {
    holes: [],
    doubledEvents: [],
    doubledSessions: [],
    differingRows: [],
    driftedProjections: [],
    isCutShort: false,
  },
  gateways: [],
};

export const Integrity = Type.Object(
  {
    exact: Type.Boolean({ description: 'True if there are no findings' }),
    depth: Type.String(),
    checkedAt: Instant,
    journals: listOf(Type.String(), 'Journals that the table was compared with'),
    totals: Type.Object(counts),
    namelessLetters: count('Dead letters without an identity'),
    streams: listOf(Type.Object({ ...stream, ...counts }), 'One entry for each producer and partition'),
    findings: Findings,
    gateways: listOf(
      Type.Object({
        producer: Type.String(),
        gateway: Type.Union([Type.String(), Type.Null()]),
        state: Type.String({ description: '`live`, `gone`, `retired`, `legacy` or `unwatched`' }),
        completeThrough: Type.Union([Instant, Type.Null()]),
      }),
      'The producers of a cluster that have not ended, as in `GET /api/v1/gateways`. Empty with one process',
    ),
  },
  { title: 'IntegrityReport', examples: [example] },
);
