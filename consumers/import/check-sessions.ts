import type { Fault } from '../../src/platform/errors/errors.ts';
import { parseInstant } from '../../src/platform/instants.ts';
import type { ImportedSession } from './import-schemas.ts';

/** Earliest valid time of an event (src/events/decode-session-event.ts). */
const earliestMs = Date.UTC(2015, 0, 1);

export interface CheckContext {
  readonly nowMs: number;
  /** Ids of the organisation's configurations, including deleted ones. */
  readonly knownConfigurations: ReadonlySet<string>;
}

/** A session from an import request, with its time parsed and its tags normalised. */
export interface CheckedSession {
  readonly timeMs: number;
  readonly configurationId: string;
  /** Tracking tags in NFC, without duplicates. */
  readonly tags: readonly string[];
  readonly viewer: string | undefined;
  readonly sessionId: string | undefined;
}

/**
 * Validates what the request schema cannot express: times and configurations. Returns the sessions and all validation
 * errors. Pure.
 */
export function checkSessions(
  sessions: readonly ImportedSession[],
  context: CheckContext,
): { readonly checked: readonly CheckedSession[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const checked = sessions.map((session, index) => {
    const timeMs = parseInstant(session.time) ?? Number.NaN;
    faults.push(...faultsOf(session, timeMs, context, `/sessions/${index}`));
    return {
      timeMs,
      configurationId: session.configurationId,
      tags: [...new Set((session.tags ?? []).map((tag) => tag.normalize('NFC')))],
      viewer: session.viewer,
      sessionId: session.sessionId,
    };
  });
  return { checked, faults };
}

function faultsOf(
  { configurationId }: ImportedSession,
  timeMs: number,
  { nowMs, knownConfigurations }: CheckContext,
  path: string,
): Fault[] {
  const faults: Fault[] = [];
  const at = (member: string, message: string) => faults.push({ path: `${path}/${member}`, message });
  if (Number.isNaN(timeMs))
    at('time', 'must be an RFC 3339 instant with seconds and offset, such as 2026-03-29T00:30:00Z');
  else if (timeMs < earliestMs) at('time', 'must not be before 2015');
  else if (timeMs > nowMs) at('time', 'must not be in the future');
  if (!knownConfigurations.has(configurationId))
    at('configurationId', 'must be a token configuration of this organisation; create it first');
  return faults;
}
