import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { StartRun } from '../maintenance-runs.ts';
import type { ActiveRequest, ForgetRequests } from './forget-requests.ts';
import { goneByMs, type TraceConfig } from './trace-times.ts';

/** Replaces pseudonyms in ClickHouse. Implemented by consumers/store/viewers/viewer-store.ts. */
export interface ReplacingStore {
  publish(replacement: ActiveRequest['replacement']): Promise<void>;
  /** Returns the ids of the requests whose pseudonym was found. */
  replace(): Promise<ReadonlySet<string>>;
  erase(ids: readonly string[]): Promise<void>;
}

export interface ReplacementJobDeps {
  readonly requests: ForgetRequests;
  readonly startRun: StartRun;
  readonly store: ReplacingStore;
  /** Returns an instant before which every accepted session is stored, or undefined if it is not known. */
  readonly completeThroughMs: () => number | undefined;
  /** Returns the time of the oldest event in the journal of this process, or undefined if there is none. */
  readonly oldestEventMs: () => number | undefined;
  readonly failpoint: (name: JobFailpoint) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type JobFailpoint = 'forget.published' | 'forget.replaced' | 'forget.erased';

export interface ReplacementJob {
  /** Carries out the steps that are due. Each step can be repeated, so a crash between two steps loses no request. */
  run(): Promise<void>;
  /** Returns how many requests are not in the state `gone`, as of the last run. */
  active(): number;
  /** Returns how many requests have passed their `goneBy` time without being in the state `gone`. */
  overdue(): number;
}

/**
 * Creates the job that carries out requests to forget viewers. It stores new replacements for the sinks, starts to rewrite
 * stored sessions at most once per `intervalMs`, and erases a replacement when no journal and no Kafka topic contains the
 * pseudonym.
 */
export function createReplacementJob(config: TraceConfig, deps: ReplacementJobDeps): ReplacementJob {
  const { requests, clock } = deps;
  let active: readonly ActiveRequest[] = [];
  return {
    async run() {
      active = await requests.active();
      await publishNew(active, deps);
      const throughMs = deps.completeThroughMs() ?? clock.nowMs() - config.keepMs;
      if (!active.some((request) => isDue(request, throughMs, config, deps))) return;
      const startedMs = clock.nowMs();
      if (!(await deps.startRun('forgotten viewers', startedMs, config.intervalMs))) return;
      await replaceAll(await requests.active(), { startedMs, throughMs }, config, deps);
      active = await requests.active();
    },
    active: () => active.length,
    overdue: () => active.filter((request) => goneByMs(request, config) < clock.nowMs()).length,
  };
}

async function publishNew(active: readonly ActiveRequest[], deps: ReplacementJobDeps): Promise<void> {
  const { requests, store, clock, failpoint } = deps;
  for (const { id, publishedAtMs, replacement } of active) {
    if (publishedAtMs !== undefined) continue;
    await store.publish(replacement);
    failpoint('forget.published');
    await requests.markPublished(id, clock.nowMs());
  }
}

/**
 * Returns whether a request needs a run. Until all sessions of the request are stored, a run per `intervalMs` replaces the
 * pseudonym in the sessions that have arrived. `keepMs` after the last replacement, and not before the events have left
 * the journal of this process, a run is due that erases the replacement.
 */
function isDue(
  request: ActiveRequest,
  throughMs: number,
  { keepMs, intervalMs }: TraceConfig,
  { clock, oldestEventMs }: ReplacementJobDeps,
): boolean {
  const nowMs = clock.nowMs();
  if (request.replacedAtMs === undefined)
    return isSettled(request, throughMs) || nowMs >= request.requestedAtMs + intervalMs;
  return nowMs >= request.replacedAtMs + keepMs && isPastJournal(request, oldestEventMs());
}

/** Returns whether every session that a request covers is stored. */
function isSettled({ replacement }: ActiveRequest, throughMs: number): boolean {
  return throughMs > replacement.beforeMs;
}

function isPastJournal({ replacement }: ActiveRequest, oldestEventMs: number | undefined): boolean {
  return oldestEventMs === undefined || oldestEventMs > replacement.beforeMs;
}

interface Run {
  readonly startedMs: number;
  /** When the run started, every session that was accepted before this instant was stored. */
  readonly throughMs: number;
}

async function replaceAll(
  active: readonly ActiveRequest[],
  { startedMs, throughMs }: Run,
  { keepMs }: TraceConfig,
  deps: ReplacementJobDeps,
): Promise<void> {
  const { requests, store, clock, failpoint, logger } = deps;
  const found = await store.replace();
  if (found.size > 0) logger.info({ viewers: found.size }, 'pseudonyms of forgotten viewers were replaced');
  for (const request of active.filter(({ publishedAtMs }) => publishedAtMs !== undefined)) {
    const { id } = request;
    if (!isSettled(request, throughMs)) continue;
    // If this run found sessions of the viewer, journals and topics may contain them for another `keepMs`.
    const isNew = request.replacedAtMs === undefined || found.has(id);
    const replacedAtMs = isNew ? startedMs : (request.replacedAtMs ?? startedMs);
    if (isNew) await requests.markReplaced(id, replacedAtMs);
    failpoint('forget.replaced');
    if (startedMs < replacedAtMs + keepMs || !isPastJournal(request, deps.oldestEventMs())) continue;
    await store.erase([id]);
    failpoint('forget.erased');
    await requests.markGone(id, clock.nowMs());
  }
}
