import { expect, it } from 'vitest';
import { rollUpSources } from '../../../../src/usage/rollups/roll-up-sources.ts';
import { rollUpState, type StateRow } from '../../../../src/usage/rollups/roll-up-state.ts';

const month = { months: [202611], signatures: ['7'] };
const stored = (name: StateRow['name'], build: string, rows: string): StateRow[] => [
  { part: 'registered', name, build, rows, ...month },
  { part: 'stored', name, build, rows, months: [], signatures: [] },
];
const rows = [
  { part: 'month', name: 'usage_totals', build: '', rows: '500', ...month } as const,
  ...stored('usage_quarters', '1', '100'),
  ...stored('usage_days_by_tag', '2', '3000'),
  ...stored('usage_totals', '3', '400'),
];

it.each([
  [1, 2],
  [401, 1],
  [3001, 0],
])('queries use roll-ups with at least %i rows', (minRows, count) => {
  expect(rollUpSources(rollUpState(rows), minRows)).toHaveLength(count);
});

it.each([
  ['its month has another signature', 'month', { signatures: ['8'] }],
  ['some of its rows are missing', 'stored', { rows: '99' }],
] as const)('queries do not use a roll-up if %s', (_, part, change) => {
  const changed = rows.map((row) => (row.part === part ? { ...row, ...change } : row));
  expect(rollUpSources(rollUpState(changed), 0)).toEqual([]);
});
