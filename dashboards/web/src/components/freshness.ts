import { completeThrough } from '../api/usage.ts';
import { formatAgo, formatNear, formatTime } from '../format/time.ts';
import type { Connection, Part, View } from '../state/view.ts';
import { h, setAttribute, setText } from '../ui/dom.ts';

const BEHIND_MS = 60_000;

/** Creates the status line: whether the numbers update, and up to which instant they are complete. */
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
      const isBehind = instant ? view.now - Date.parse(instant) > BEHIND_MS : false;
      const isConnected = view.connection.kind === 'live';
      setAttribute(element, 'data-state', isConnected && isBehind ? 'behind' : view.connection.kind);
      setText(
        state,
        isConnected && isBehind && instant ? behindText(instant, view.now) : stateText(view.connection),
      );
      setText(wait, waitText(view.connection));
      describeThrough(through, instant, view);
    },
  };
}

function describeThrough(element: HTMLElement, instant: string | null | undefined, view: View): void {
  const { timeZone } = view.snapshot?.query ?? view.query;
  const instantMs = instant ? Date.parse(instant) : undefined;
  const text = instantMs === undefined ? '–' : formatNear(instantMs, view.now, timeZone);
  setText(element, `Complete through ${text}`);
  const title = instantMs === undefined ? 'No session yet' : formatTime(instantMs, timeZone, 'exact');
  setAttribute(element, 'title', title);
}

function behindText(instant: string, now: number): string {
  return `Behind: complete up to ${formatAgo(Date.parse(instant), now, 'long')}`;
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
