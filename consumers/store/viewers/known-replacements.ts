import {
  createViewerReplacer,
  keepViewers,
  type ViewerReplacement,
  type ViewerReplacer,
} from '../../../src/events/viewer-replacement.ts';

/** The replacements that a sink knows, kept up to date. */
export interface KnownReplacements {
  /**
   * Reads the replacements if the last read is more than 10 s ago. Never rejects: if the read fails, the sink uses the
   * known replacements, and the next run of the replacement job finds the sessions that it stores then.
   */
  refresh(): Promise<void>;
  current(): ViewerReplacer;
}

const refreshMs = 10_000;

/** Creates the replacements of a process, which its sinks share. */
export function createKnownReplacements(
  read: () => Promise<readonly ViewerReplacement[]>,
  monotonicMs: () => number,
): KnownReplacements {
  let replacer = keepViewers;
  let dueMs = Number.NEGATIVE_INFINITY;
  return {
    async refresh() {
      if (monotonicMs() < dueMs) return;
      // The next read is planned first, so that a store that does not respond is not asked before each insert.
      dueMs = monotonicMs() + refreshMs;
      const replacements = await read().catch(() => undefined);
      if (replacements !== undefined) replacer = createViewerReplacer(replacements);
    },
    current: () => replacer,
  };
}

/** Replacements for a store of tests and tools that never forgets a viewer. */
export const noReplacements: KnownReplacements = { refresh: async () => {}, current: () => keepViewers };
