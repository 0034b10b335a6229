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
  deadLettered: count('Events that could not be read, and are kept as they came'),
  waiting: count('Accepted, not stored yet: no fault'),
  missing: count('Accepted, and nowhere'),
  surplus: count('Rows beyond one for each event'),
};
export const DepthOf = Type.Unsafe<Depth>({
  type: 'string',
  enum: ['ledger', 'full'],
  default: 'full',
  examples: ['full'],
  description: 'ledger: counts only, cheap; full: every row, every projection, every journal entry',
});
const Event = Type.Object({ ...stream, sequence: Count });

const Findings = Type.Object(
  {
    holes: listOf(
      Type.Object({
        ...{ ...stream, first: Count, last: Count },
        inJournal: Type.Boolean({ description: '`watmeter repair` can fill it' }),
      }),
      'Sequences that are nowhere',
    ),
    doubledEvents: listOf(
      Type.Object({ ...stream, sequence: Count, rows: Count, months: Type.Array(Count) }),
      'One event, several rows',
    ),
    doubledSessions: listOf(Type.Object({ events: Type.Array(Event) }), 'One session, several events'),
    differingRows: listOf(
      Type.Object({ ...stream, sequence: Count, members: Type.Array(Type.String()) }),
      'The row says something else than the journal',
    ),
    driftedProjections: listOf(
      Type.Object({
        projection: Type.String(),
        month: Count,
        sessionsByRows: Count,
        sessionsByProjection: Count,
      }),
      'A roll-up that counts otherwise than its rows',
    ),
    isCutShort: Type.Boolean({ description: 'There are more of a kind than are named' }),
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
};

export const Integrity = Type.Object(
  {
    exact: Type.Boolean({ description: 'There are no findings' }),
    depth: Type.String(),
    checkedAt: Instant,
    journals: listOf(Type.String(), 'Which journals it was compared with'),
    totals: Type.Object(counts),
    namelessLetters: count('Dead letters that say no place in a stream'),
    streams: listOf(Type.Object({ ...stream, ...counts }), 'Each partition of each producer'),
    findings: Findings,
  },
  { title: 'IntegrityReport', examples: [example] },
);
