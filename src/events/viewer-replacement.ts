import type { SessionEvent } from './session-event.ts';

/**
 * The pseudonym of a forgotten viewer, and the random pseudonym that replaces it in the sessions of one organisation whose
 * time is not later than `beforeMs`.
 */
export interface ViewerReplacement {
  /** Id of the request to forget the viewer. */
  readonly id: string;
  readonly organisationId: string;
  /** The pseudonym, 32 hex digits. */
  readonly viewer: string;
  /** The random pseudonym, 32 hex digits. */
  readonly replacement: string;
  readonly beforeMs: number;
}

/** Replaces the pseudonyms of forgotten viewers. */
export interface ViewerReplacer {
  /** Returns the event with the replaced pseudonym, or the same object if its viewer is not forgotten. */
  event<T extends SessionEvent>(event: T): T;
  /** Returns the text of an unreadable message with all forgotten pseudonyms replaced, whatever its organisation or time. */
  text(body: string): string;
}

/** A replacer without forgotten viewers. */
export const keepViewers: ViewerReplacer = { event: (event) => event, text: (body) => body };

/**
 * Creates a replacer. A viewer who was forgotten several times has one replacement per request. The replacement with the
 * earliest `beforeMs` that is not before the event applies, so each period gets a different random pseudonym. Pure.
 */
export function createViewerReplacer(replacements: readonly ViewerReplacement[]): ViewerReplacer {
  if (replacements.length === 0) return keepViewers;
  const inOrder = replacements.toSorted((one, other) => one.beforeMs - other.beforeMs);
  const byViewer = new Map<string, ViewerReplacement[]>();
  for (const each of inOrder) byViewer.set(keyOf(each), [...(byViewer.get(keyOf(each)) ?? []), each]);
  return {
    event(event) {
      const found = byViewer.get(keyOf(event))?.find(({ beforeMs }) => event.timeMs <= beforeMs);
      return found === undefined ? event : { ...event, viewer: found.replacement };
    },
    text: (body) =>
      inOrder.reduce((text, { viewer, replacement }) => text.replaceAll(viewer, replacement), body),
  };
}

function keyOf({ organisationId, viewer }: Pick<ViewerReplacement, 'organisationId' | 'viewer'>): string {
  return `${organisationId}/${viewer}`;
}
