import { linkEvents } from './link-events.ts';
import { pageEvents } from './page-events.ts';
import type { Visit } from './visits.ts';

/** Causes an event in a real browser, and resolves after nginx has responded to the requests of the event. */
export type Event = (visit: Visit) => Promise<void>;

/** The events of the table "What counts" in docs/reference/sessions.md, by the text in the column `event`. */
export const events: Readonly<Record<string, Event>> = { ...linkEvents, ...pageEvents };
