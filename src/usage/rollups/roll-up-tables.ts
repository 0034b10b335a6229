import type { Grain } from '../../events/grains.ts';

/** Names of the roll-ups. Each is also the name of its table. */
export const rollUpNames = ['usage_quarters', 'usage_days_by_tag', 'usage_totals'] as const;
export type RollUpName = (typeof rollUpNames)[number];

/** Grains (stored aggregation levels) of the roll-ups, for plans and for `GET /api/v1/usage/explain`. */
export const rollUpGrains = {
  usage_quarters: {
    name: 'usage_quarters',
    keys: ['quarter', 'organisation_id'],
    measures: ['max(last_used)'],
    time: 'quarter',
  },
  usage_days_by_tag: {
    name: 'usage_days_by_tag',
    keys: ['organisation_id', 'kind', 'tag', 'day'],
    measures: ['max(last_used)'],
    time: 'day',
  },
  usage_totals: {
    name: 'usage_totals',
    keys: ['dimension', 'organisation_id', 'kind', 'key'],
    measures: ['max(last_used)'],
    time: 'month',
  },
} as const satisfies Readonly<Record<RollUpName, Grain>>;

/** A complete build of a roll-up. */
export interface RollUpBuild {
  readonly name: RollUpName;
  /** Partition of the table that contains the build. */
  readonly build: string;
  /** UTC months of the build, with their signatures in the event table. */
  readonly months: ReadonlyMap<number, string>;
  readonly rows: number;
}
