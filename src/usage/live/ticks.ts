import type { SecondCount } from '../query/statements/live-sql.ts';

/** Selects the sessions that a client may receive and wants. */
export interface LiveFilter {
  /** Undefined: sessions of all organisations. */
  readonly organisationId: string | undefined;
  /** Empty: sessions of all configurations. */
  readonly configurationIds: readonly string[];
}

export interface LiveConfiguration {
  readonly configurationId: string;
  readonly lastSecond: number;
  readonly lastMinute: number;
}

/** Number of sessions in a second, and in the minute that ends with this second. */
export interface LiveTick {
  /** End of the second (exclusive), in epoch seconds. */
  readonly through: number;
  readonly lastSecond: number;
  readonly lastMinute: number;
  /** Configurations with sessions in the minute, most sessions first. */
  readonly configurations: readonly LiveConfiguration[];
  /** True if more configurations had sessions than the list contains. */
  readonly isCut: boolean;
}

export const minuteSeconds = 60;
/** Maximum number of configurations in a tick. Each client receives a tick every second, so its size is limited. */
export const mostConfigurations = 100;

/** Computes a tick for a filter, from counts by second. The counts may contain other seconds too. */
export function tickOf(
  counts: readonly SecondCount[],
  through: number,
  { organisationId, configurationIds }: LiveFilter,
): LiveTick {
  const isSeen = seenBy({ organisationId, configurationIds });
  const found = new Map<string, Sums>();
  const all = { lastSecond: 0, lastMinute: 0 };
  const inMinute = counts.filter(({ second }) => second < through && second >= through - minuteSeconds);
  for (const count of inMinute.filter(isSeen)) {
    const configuration = found.get(count.configurationId) ?? { lastSecond: 0, lastMinute: 0 };
    found.set(count.configurationId, configuration);
    for (const sums of [configuration, all]) {
      sums.lastMinute += count.sessions;
      if (count.second === through - 1) sums.lastSecond += count.sessions;
    }
  }
  const configurations = [...found]
    .map(([configurationId, sums]) => ({ configurationId, ...sums }))
    .sort(byMinute);
  return {
    through,
    ...all,
    configurations: configurations.slice(0, mostConfigurations),
    isCut: configurations.length > mostConfigurations,
  };
}

interface Sums {
  lastSecond: number;
  lastMinute: number;
}

function seenBy({ organisationId, configurationIds }: LiveFilter): (count: SecondCount) => boolean {
  const wanted = configurationIds.length === 0 ? undefined : new Set(configurationIds);
  return (count) =>
    (organisationId === undefined || count.organisationId === organisationId) &&
    (wanted === undefined || wanted.has(count.configurationId));
}

function byMinute(one: LiveConfiguration, other: LiveConfiguration): number {
  if (one.lastMinute !== other.lastMinute) return other.lastMinute - one.lastMinute;
  return one.configurationId < other.configurationId ? -1 : 1;
}
