import type { Usage } from '../api/usage.ts';
import { formatAgo, formatNear, formatTime } from '../format/time.ts';
import { h, setAttribute, setText } from '../ui/dom.ts';
import { createLiveNumber } from '../ui/live-number.ts';

/** Content of a row. */
export interface UsageItem extends Usage {
  readonly key: string;
  /** Null for the row of sessions without a name, for example without tags. */
  readonly name: string | null;
  readonly note?: string;
  readonly deletedAt?: string | null;
}

export interface RowContext {
  readonly now: number;
  readonly timeZone: string;
  readonly live: boolean;
  readonly selected: boolean;
  /** Largest total in the list. Its row has the longest bar. */
  readonly largest: number;
}

export interface UsageRow {
  readonly element: HTMLTableRowElement;
  readonly button: HTMLButtonElement;
  readonly update: (item: UsageItem, context: RowContext) => void;
}

/** Creates a row of a usage table. */
export function createUsageRow(nameless: string, onPick: () => void): UsageRow {
  const name = h('bdi');
  const button = h('button', { type: 'button', class: 'pick' }, name);
  const deleted = h('span', { class: 'badge' }, 'deleted');
  const note = h('span', { class: 'row__note' });
  const seenInside = h('span', { class: 'row__seen' });
  const bar = h('span', { class: 'row__bar' });
  const ago = h('time');
  const exact = h('span', { class: 'row__exact' });
  const today = createLiveNumber();
  const total = createLiveNumber();
  const element = h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('span', { class: 'row__name' }, button, deleted), note, seenInside),
    h('td', { class: 'seen' }, ago, exact),
    h('td', { class: 'count' }, today.element),
    h('td', { class: 'count' }, total.element, bar),
  );
  button.addEventListener('click', onPick);

  function updateSeen(lastUsed: string | null, { now, timeZone }: RowContext): void {
    const instant = lastUsed === null ? undefined : Date.parse(lastUsed);
    const text = instant === undefined ? 'never' : formatAgo(instant, now, 'narrow');
    setText(ago, text);
    setText(seenInside, text);
    setAttribute(ago, 'datetime', lastUsed ?? false);
    setText(exact, instant === undefined ? '' : formatNear(instant, now, timeZone));
    const exactTime = instant === undefined ? false : formatTime(instant, timeZone, 'exact');
    setAttribute(ago, 'title', exactTime);
    setAttribute(exact, 'title', exactTime);
  }

  return {
    element,
    button,
    update: (item, context) => {
      setText(name, item.name ?? nameless);
      setText(note, item.note ?? '');
      setAttribute(button, 'title', item.name ?? false);
      setAttribute(button, 'aria-pressed', String(context.selected));
      setAttribute(element, 'data-nameless', item.name === null);
      setAttribute(element, 'data-deleted', Boolean(item.deletedAt));
      deleted.hidden = !item.deletedAt;
      if (item.deletedAt) {
        setAttribute(deleted, 'title', formatTime(Date.parse(item.deletedAt), context.timeZone, 'exact'));
      }
      bar.style.setProperty('--share', String(context.largest > 0 ? item.total / context.largest : 0));
      today.update(item.today, context.live);
      total.update(item.total, context.live);
      updateSeen(item.lastUsed, context);
    },
  };
}
