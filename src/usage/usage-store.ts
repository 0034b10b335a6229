/** What the usage API asks of the event table. Everything is in UTC; zones end at this border. */

/** Which sessions are asked for. Within a list any of them; between the lists all must hold. */
export interface UsageFilter {
  /** Undefined: of all organisations. */
  readonly organisationId: string | undefined;
  readonly configurationIds: readonly string[];
  readonly tags: readonly string[];
  readonly match: 'any' | 'all';
  /** Only sessions without tags. */
  readonly untagged: boolean;
}

/** From `startMs` on, before `endMs`: whole quarters of an hour, UTC. */
export interface UsageWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Usage {
  readonly lastUsedMs: number | undefined;
  readonly today: number;
  readonly total: number;
}

/** `key`: a configuration's id, or a tag; null for sessions without tags. */
export interface KeyedUsage extends Usage {
  readonly key: string | null;
}

/**
 * Counts of sessions. `total` is read after `today`, so it is never the smaller one.
 * Every method throws AppError `usage_unavailable` when the store does not answer in time.
 */
export interface UsageStore {
  summary(filter: UsageFilter, today: UsageWindow): Promise<Usage>;
  byConfiguration(filter: UsageFilter, today: UsageWindow): Promise<KeyedUsage[]>;
  byTag(filter: UsageFilter, today: UsageWindow): Promise<KeyedUsage[]>;
  /** Whether there has ever been a session, of anybody. */
  isEmpty(): Promise<boolean>;
}
