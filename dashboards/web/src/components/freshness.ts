import { completeThrough } from '../api/usage.ts';
import { formatAgo, formatNear, formatTime } from '../format/time.ts';
import type { Connection, Part, View } from '../state/view.ts';
import { h, setAttribute, setText } from '../ui/dom.ts';

const BEHIND_MS = 60_000;

/** Whether the numbers move, and how far they can be relied on. */
export function createFreshness(): Part {
  const state = h('span', { class: 'freshness__state' });
  const wait = h('span', { class: 'freshness__wait' });
  const through = h('span', { class: 'freshness__through' });
  const element = h(
    'p',
    { class: 'freshness' },
    h('span', { class: 'freshness__dot' }),
    state,
    ' ',
    wait,
    ' ',
    through,
  );

  return {
    element,
    update: (view) => {
      const instant = view.snapshot && completeThrough(view.snapshot);
      const behind = instant ? view.now - Date.parse(instant) > BEHIND_MS : false;
      const connected = view.connection.kind === 'live';
      setAttribute(element, 'data-state', connected && behind ? 'behind' : view.connection.kind);
      setText(
        state,
        connected && behind && instant ? behindText(instant, view.now) : stateText(view.connection),
      );
      setText(wait, waitText(view.connection));
      describeThrough(through, instant, view);
    },
  };
}

function describeThrough(element: HTMLElement, instant: string | null | undefined, view: View): void {
  const { timeZone } = view.snapshot?.query ?? view.query;
  const at = instant ? Date.parse(instant) : undefined;
  setText(element, `Complete through ${at === undefined ? '–' : formatNear(at, view.now, timeZone)}`);
  setAttribute(element, 'title', at === undefined ? 'No session yet' : formatTime(at, timeZone, 'exact'));
}

function behindText(instant: string, now: number): string {
  return `Behind: last complete ${formatAgo(Date.parse(instant), now, 'long')}`;
}

function stateText(connection: Connection): string {
  switch (connection.kind) {
    case 'connecting':
      return 'Loading';
    case 'live':
      return 'Live';
    case 'refused':
      return 'Not updating';
    case 'retrying':
      return `${connection.reason}, retrying`;
  }
}

function waitText(connection: Connection): string {
  const seconds = connection.kind === 'retrying' ? Math.ceil((connection.retryAt - Date.now()) / 1000) : 0;
  return seconds > 0 ? `in ${seconds} s` : '';
}
