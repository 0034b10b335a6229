import { formatTime, wallClockShare } from '../format/time.ts';
import type { Part } from '../state/view.ts';
import { h, setAttribute, setText, svg } from '../ui/dom.ts';

const HOURS = 24;
const LABELLED_HOURS = 6;

/**
 * Creates the day scale: a ruler of the day in the selected time zone, with a needle at the current time. It
 * shows local clock time, so it has 24 hours even on days with 23 or 25 hours.
 */
export function createDayScale(): Part {
  const elapsed = svg('rect', { class: 'day-scale__elapsed', x: 0, y: 13, height: 3, width: '0%' });
  const needle = svg('line', { class: 'day-scale__needle', y1: 0, y2: 16 });
  const drawing = svg(
    'svg',
    { class: 'day-scale__ruler', 'aria-hidden': 'true' },
    ...ticks(),
    elapsed,
    needle,
  );
  const labels = Array.from({ length: HOURS / LABELLED_HOURS + 1 }, (_, index) =>
    h('span', {}, `${String(index * LABELLED_HOURS).padStart(2, '0')}:00`),
  );
  const dayStartText = h('span', {}, 'Today');
  const clock = h('span', { class: 'day-scale__clock' });
  const element = h(
    'div',
    { class: 'day-scale' },
    drawing,
    h('div', { class: 'day-scale__labels', 'aria-hidden': 'true' }, ...labels),
    h('p', { class: 'day-scale__text' }, dayStartText, ' ', clock),
  );

  return {
    element,
    update: ({ now, snapshot, query }) => {
      const timeZone = snapshot?.query.timeZone ?? query.timeZone;
      const share = `${(wallClockShare(now, timeZone) * 100).toFixed(2)}%`;
      setAttribute(elapsed, 'width', share);
      setAttribute(needle, 'x1', share);
      setAttribute(needle, 'x2', share);
      setText(clock, `now ${formatTime(now, timeZone, 'time')}`);
      if (snapshot) setText(dayStartText, dayText(Date.parse(snapshot.summary.dayStart), timeZone));
    },
  };
}

function dayText(dayStart: number, timeZone: string): string {
  const [time, day] = [formatTime(dayStart, timeZone, 'time'), formatTime(dayStart, timeZone, 'day')];
  return `Today began at ${time} on ${day}, ${timeZone}`;
}

function ticks(): SVGLineElement[] {
  return Array.from({ length: HOURS + 1 }, (_, hour) => {
    const x = `${(hour / HOURS) * 100}%`;
    return svg('line', {
      class: 'day-scale__tick',
      x1: x,
      x2: x,
      y1: hour % LABELLED_HOURS === 0 ? 6 : 10,
      y2: 16,
    });
  });
}
