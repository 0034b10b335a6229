import { announce } from '../ui/announce.ts';
import { arrange, h, setAttribute, setText } from '../ui/dom.ts';
import { arrowDown } from './icons.ts';
import { createUsageRow, type RowContext, type UsageItem, type UsageRow } from './usage-row.ts';

const SKELETON_ROWS = 5;

export interface UsageTableOptions {
  readonly id: string;
  readonly title: string;
  readonly nameHeading: string;
  /** Text that replaces a missing name. */
  readonly nameless: string;
  readonly onPick: (key: string) => void;
  readonly onMore: () => void;
}

export interface TableView extends Pick<RowContext, 'now' | 'timeZone' | 'live'> {
  readonly items: readonly UsageItem[];
  readonly selected: string | undefined;
  readonly more: boolean;
  readonly hint: string;
  readonly footnote: string;
  /** Element that replaces a table without rows. */
  readonly empty: HTMLElement;
}

export interface UsageTable {
  readonly element: HTMLElement;
  readonly update: (view: TableView) => void;
}

/**
 * Creates a usage table with a title, a help text and a "Show more" button. It shows skeleton rows until it
 * has data.
 */
export function createUsageTable(options: UsageTableOptions): UsageTable {
  const body = h('tbody', {}, ...Array.from({ length: SKELETON_ROWS }, skeletonRow));
  const titleId = `${options.id}-title`;
  const table = h('table', { 'aria-labelledby': titleId }, tableHead(options.nameHeading), body);
  const more = h('button', { type: 'button', class: 'button', hidden: true }, 'Show more');
  const hint = h('p', { class: 'list__hint' });
  const footnote = h('p', { class: 'list__footnote' });
  const foot = h('div', { class: 'list__foot', hidden: true }, more, footnote);
  const emptyPlace = h('div', { class: 'list__empty' });
  const element = h(
    'section',
    { class: 'list', 'aria-labelledby': titleId, 'aria-busy': 'true' },
    h('h2', { id: titleId }, options.title),
    hint,
    table,
    emptyPlace,
    foot,
  );
  let rows = new Map<string, UsageRow>();
  let rowsBeforeMore: number | undefined;
  more.addEventListener('click', () => {
    rowsBeforeMore = rows.size;
    options.onMore();
  });

  function drawRows(view: TableView): void {
    const largest = Math.max(...view.items.map((item) => item.total));
    const previousRows = rows;
    rows = new Map(
      view.items.map((item) => {
        const row =
          previousRows.get(item.key) ?? createUsageRow(options.nameless, () => options.onPick(item.key));
        row.update(item, { ...view, largest, selected: item.key === view.selected });
        return [item.key, row];
      }),
    );
    const wanted = [...rows.values()].map((row) => row.element);
    arrange(body, view.live && isInUse(body) ? keepOrder(body, wanted) : wanted);
  }

  function announceMore(): void {
    if (rowsBeforeMore === undefined || rows.size <= rowsBeforeMore) return;
    announce(`${options.title}: ${rows.size} rows`);
    if (more.hidden && (focusIn(more) || document.activeElement === document.body)) focusRow(rowsBeforeMore);
    rowsBeforeMore = undefined;
  }

  function focusRow(index: number): void {
    [...rows.values()][index]?.button.focus();
  }

  return {
    element,
    update: (view) => {
      const isEmpty = view.items.length === 0;
      const leavesEmpty = !isEmpty && focusIn(emptyPlace);
      drawRows(view);
      table.hidden = isEmpty;
      more.hidden = !view.more;
      setText(hint, isEmpty ? '' : view.hint);
      setText(footnote, isEmpty ? '' : view.footnote);
      foot.hidden = isEmpty || (more.hidden && view.footnote === '');
      arrange(emptyPlace, isEmpty ? [view.empty] : []);
      setAttribute(element, 'aria-busy', false);
      if (leavesEmpty) focusRow(0);
      announceMore();
    },
  };
}

function focusIn(element: Element): boolean {
  return element.contains(document.activeElement);
}

/** Returns whether the pointer or the focus is in the table. The rows must then keep their order. */
function isInUse(body: HTMLElement): boolean {
  return body.matches(':hover') || body.querySelector(':focus-visible') !== null;
}

/** Returns the wanted rows. Rows that are already shown keep their current order. */
function keepOrder(body: Element, wanted: readonly Element[]): Element[] {
  const currentRows = [...body.children].filter((row) => wanted.includes(row));
  return [...currentRows, ...wanted.filter((row) => !currentRows.includes(row))];
}

function tableHead(nameHeading: string): HTMLElement {
  const total = h('th', { scope: 'col', class: 'count', 'aria-sort': 'descending' }, arrowDown(), 'Total');
  return h(
    'thead',
    {},
    h(
      'tr',
      {},
      h('th', { scope: 'col' }, nameHeading),
      h('th', { scope: 'col', class: 'seen' }, 'Last used'),
      h('th', { scope: 'col', class: 'count' }, 'Today'),
      total,
    ),
  );
}

function skeletonRow(): HTMLElement {
  const cells = ['', 'seen', 'count', 'count'].map((name) =>
    h('td', { class: name }, h('span', { class: 'skeleton' })),
  );
  return h('tr', { 'aria-hidden': 'true' }, ...cells);
}
