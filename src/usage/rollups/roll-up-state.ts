import type { RollUpBuild, RollUpName } from './roll-up-tables.ts';

/** A row of `stateQuery`. */
export interface StateRow {
  readonly part: 'registered' | 'stored' | 'month';
  readonly name: RollUpName;
  readonly build: string;
  readonly months: readonly number[];
  readonly signatures: readonly string[];
  readonly rows: string;
}

/** State of the roll-ups, and of the months in the event table. */
export interface RollUpState {
  /** Months of the event table, with their signature and number of rows. */
  readonly months: ReadonlyMap<number, { readonly signature: string; readonly rows: number }>;
  /** Builds that are complete and agree with the event table. */
  readonly current: readonly RollUpBuild[];
  /** Registered builds that are incomplete, or whose months have changed since they were built. */
  readonly stale: readonly RollUpBuild[];
  /** Builds in the tables that are not registered: abandoned, replaced, or not complete yet. */
  readonly unregistered: readonly { readonly name: RollUpName; readonly build: string }[];
}

/** Decodes the rows of `stateQuery`. */
export function rollUpState(rows: readonly StateRow[]): RollUpState {
  const ofPart = (part: StateRow['part']) => rows.filter((row) => row.part === part);
  const months = new Map(
    ofPart('month').map((row) => [
      Number(row.months[0]),
      { signature: row.signatures[0] ?? '', rows: Number(row.rows) },
    ]),
  );
  const stored = new Map(ofPart('stored').map((row) => [keyOf(row), row]));
  const registered = ofPart('registered').map(buildOf);
  const isCurrent = (one: RollUpBuild) =>
    Number(stored.get(keyOf(one))?.rows ?? 0) === one.rows &&
    [...one.months].every(([month, signature]) => months.get(month)?.signature === signature);
  const names = new Set(registered.map(keyOf));
  return {
    months,
    current: registered.filter(isCurrent),
    stale: registered.filter((one) => !isCurrent(one)),
    unregistered: [...stored.values()]
      .filter((row) => !names.has(keyOf(row)))
      .map(({ name, build }) => ({ name, build })),
  };
}

const keyOf = ({ name, build }: Pick<RollUpBuild, 'name' | 'build'>) => `${name} ${build}`;

function buildOf({ name, build, months, signatures, rows }: StateRow): RollUpBuild {
  return {
    name,
    build,
    months: new Map(months.map((month, index) => [Number(month), signatures[index] ?? ''])),
    rows: Number(rows),
  };
}

/** Returns the current builds of a roll-up with one month each, by month. */
export function buildsByMonth({ current }: RollUpState, name: RollUpName): Map<number, RollUpBuild> {
  return new Map(
    current
      .filter((one) => one.name === name && one.months.size === 1)
      .map((one) => [[...one.months.keys()][0] ?? 0, one]),
  );
}

/** Returns the current build of the totals that contains the most months, or undefined if no build is current. */
export function newestTotals({ current }: Pick<RollUpState, 'current'>): RollUpBuild | undefined {
  return current
    .filter(({ name }) => name === 'usage_totals')
    .toSorted((left, right) => right.months.size - left.months.size)[0];
}
