import { formatAgo, formatTime } from '../format/time.ts';
import type { Part } from '../state/view.ts';
import { h, setText } from '../ui/dom.ts';
import { createLiveNumber } from '../ui/live-number.ts';
import { createDayScale } from './day-scale.ts';

/** Creates the summary: last used, today, total, and the day scale. */
export function createSummary(): Part {
  const lastUsed = h('span', { class: 'reading__value' });
  const exact = h('dd', { class: 'reading__note' });
  const today = createReading('Today');
  const total = createReading('Total');
  const dayScale = createDayScale();
  const lastReading = h(
    'div',
    { class: 'reading' },
    h('dt', { class: 'reading__label' }, 'Last used'),
    h('dd', {}, lastUsed),
    exact,
  );
  const readings = h('dl', { class: 'readings' }, lastReading, today.element, total.element);
  const element = h('section', { class: 'meter', 'aria-label': 'All sessions' }, readings, dayScale.element);

  return {
    element,
    update: (view) => {
      dayScale.update(view);
      if (!view.snapshot) return;
      const { summary, query } = view.snapshot;
      const isFiltered = query.configurationId !== undefined || query.tag !== undefined;
      const dayStart = formatTime(Date.parse(summary.dayStart), query.timeZone, 'time');
      today.update(summary.today, `since ${dayStart}`, view.live);
      total.update(summary.total, isFiltered ? 'with these filters' : 'all sessions', view.live);
      const instant = summary.lastUsed === null ? undefined : Date.parse(summary.lastUsed);
      setText(lastUsed, instant === undefined ? 'never' : formatAgo(instant, view.now, 'long'));
      setText(exact, instant === undefined ? 'no session yet' : formatTime(instant, query.timeZone, 'exact'));
    },
  };
}

interface Reading {
  readonly element: HTMLElement;
  readonly update: (value: number, note: string, live: boolean) => void;
}

function createReading(label: string): Reading {
  const number = createLiveNumber();
  number.element.classList.add('reading__value');
  const note = h('dd', { class: 'reading__note' });
  const term = h('dt', { class: 'reading__label' }, label);
  return {
    element: h('div', { class: 'reading' }, term, h('dd', {}, number.element), note),
    update: (value, text, live) => {
      number.update(value, live);
      setText(note, text);
    },
  };
}
