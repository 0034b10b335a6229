import type { FilterChange, Query } from '../state/query.ts';
import type { Part } from '../state/view.ts';
import { h } from '../ui/dom.ts';
import { cross } from './icons.ts';

export interface ScopeEvents {
  readonly onClear: (change: FilterChange) => void;
}

interface Chip {
  readonly kind: string;
  readonly value: string;
  readonly nameless: boolean;
  readonly clear: FilterChange;
}

/** Creates the list of current filters. Each filter is a chip with a button that removes it. */
export function createScope(events: ScopeEvents): Part {
  const element = h('ul', { class: 'scope', 'aria-label': 'Filters', tabindex: -1 });
  const names = new Map<string, string>();
  let drawnChips: string | undefined;

  function draw(chips: readonly Chip[]): void {
    const items = chips.map((chip) =>
      h(
        'li',
        {},
        chipButton(chip, () => events.onClear(chip.clear)),
      ),
    );
    const hasFocus = element.contains(document.activeElement);
    element.replaceChildren(...(items.length > 0 ? items : [h('li', {}, 'All configurations, all tags')]));
    if (hasFocus) (element.querySelector('button') ?? element).focus();
  }

  return {
    element,
    update: ({ query, snapshot }) => {
      for (const item of snapshot?.configurations.items ?? []) names.set(item.configurationId, item.name);
      const chips = chipsOf(query, names);
      const chipsText = JSON.stringify(chips);
      if (chipsText !== drawnChips) draw(chips);
      drawnChips = chipsText;
    },
  };
}

function chipsOf({ configurationId: id, tag }: Query, names: ReadonlyMap<string, string>): Chip[] {
  const chips: Chip[] = [];
  if (id !== undefined) {
    chips.push({
      kind: 'Configuration',
      value: names.get(id) ?? id,
      nameless: false,
      clear: { configurationId: undefined },
    });
  }
  if (tag !== undefined)
    chips.push({ kind: 'Tag', value: tag ?? 'no tag', nameless: tag === null, clear: { tag: undefined } });
  return chips;
}

function chipButton({ kind, value, nameless }: Chip, onRemove: () => void): HTMLElement {
  const button = h(
    'button',
    { type: 'button', class: 'chip', title: value, 'data-nameless': nameless },
    h('span', { class: 'visually-hidden' }, 'Remove the filter '),
    h('span', { class: 'chip__kind' }, kind),
    ' ',
    h('bdi', { class: 'chip__value' }, value),
    cross(),
  );
  button.addEventListener('click', onRemove);
  return button;
}
