import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { StartRun } from '../maintenance-runs.ts';
import type { ActiveRequest, ForgetRequests } from './forget-requests.ts';
import { goneByMs, type TraceConfig } from './trace-times.ts';

/** Replaces pseudonyms in ClickHouse: the port of consumers/store/viewers/viewer-store.ts. */
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
  /** Does what is due. Each step can be repeated, so a crash between two steps loses none. */
  run(): Promise<void>;
  /** Returns how many requests wait, as of the last run. */
  active(): number;
  /** Returns how many requests are later than their stated time, as of the last run. */
  overdue(): number;
}

/**
 * Creates the job that carries out requests to forget viewers. It publishes new replacements to the sinks, rewrites stored
 * sessions at most once per `intervalMs`, and erases a replacement when no journal and no topic has the pseudonym.
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

/** Returns whether a run has work for a request. While late sessions can arrive, a run looks for them. */
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

/** Returns whether every session that the request covers is stored. */
function isSettled({ replacement }: ActiveRequest, throughMs: number): boolean {
  return throughMs > replacement.beforeMs;
}

function isPastJournal({ replacement }: ActiveRequest, oldestEventMs: number | undefined): boolean {
  return oldestEventMs === undefined || oldestEventMs > replacement.beforeMs;
}

interface Run {
  readonly startedMs: number;
  /** Known before the run: every session accepted before this instant was stored. */
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
    // If sessions of the viewer appeared after the last run, journals and topics can have had them until now.
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
