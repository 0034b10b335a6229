import {
  createViewerReplacer,
  keepViewers,
  type ViewerReplacement,
  type ViewerReplacer,
} from '../../../src/events/viewer-replacement.ts';

/** The replacements of forgotten viewers that a sink applies. */
export interface KnownReplacements {
  /**
   * Reads the replacements if the last read was at least 10 s ago. Never rejects: if the read fails, the previous
   * replacements stay in use. The replacement job later rewrites the sessions that sinks stored with a forgotten pseudonym.
   */
  refresh(): Promise<void>;
  current(): ViewerReplacer;
}

const refreshMs = 10_000;

/** Creates the replacements that all sinks of a process share. */
export function createKnownReplacements(
  read: () => Promise<readonly ViewerReplacement[]>,
  monotonicMs: () => number,
): KnownReplacements {
  let replacer = keepViewers;
  let dueMs = Number.NEGATIVE_INFINITY;
  return {
    async refresh() {
      if (monotonicMs() < dueMs) return;
      // The time is set before the read, so that an unresponsive store does not delay every insert.
      dueMs = monotonicMs() + refreshMs;
      const replacements = await read().catch(() => undefined);
      if (replacements !== undefined) replacer = createViewerReplacer(replacements);
    },
    current: () => replacer,
  };
}

/** Replacements for tests and tools that need none. */
export const noReplacements: KnownReplacements = { refresh: async () => {}, current: () => keepViewers };
