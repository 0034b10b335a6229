import { tagKey } from '../api/usage.ts';
import { formatSessions } from '../format/number.ts';
import type { FilterChange, Query } from '../state/query.ts';
import type { Part, View } from '../state/view.ts';
import { configurationsEmpty, tagsEmpty } from './empty-states.ts';
import type { UsageItem } from './usage-row.ts';
import { createUsageTable } from './usage-table.ts';

export interface ListEvents {
  readonly onFilter: (change: FilterChange) => void;
  readonly onMore: () => void;
}

/**
 * Creates the list of configurations. Selecting a row filters the tags by that configuration. Selecting the
 * row again removes the filter.
 */
export function createConfigurations(events: ListEvents): Part {
  let selected: string | undefined;
  const empty = configurationsEmpty(() => events.onFilter({ tag: undefined }));
  const table = createUsageTable({
    id: 'configurations',
    title: 'Token configurations',
    nameHeading: 'Configuration',
    nameless: '',
    onPick: (key) => events.onFilter({ configurationId: key === selected ? undefined : key }),
    onMore: events.onMore,
  });
  return {
    element: table.element,
    update: (view) => {
      selected = view.query.configurationId;
      if (!view.snapshot) return;
      const { configurations, query } = view.snapshot;
      const items = configurations.items.map(
        (item): UsageItem => ({ ...item, key: item.configurationId, note: item.configurationId }),
      );
      table.update({
        ...commonProperties(view, query),
        items,
        selected,
        hint:
          query.tag === undefined ? 'Select one to see its tags.' : 'Only sessions with the selected tag.',
        more: configurations.nextCursor !== null,
        footnote: '',
        empty: query.tag === undefined ? empty.all : empty.filtered,
      });
    },
  };
}

/**
 * Creates the list of tags. Selecting a row filters the configurations by that tag. Selecting the row again
 * removes the filter.
 */
export function createTags(events: ListEvents): Part {
  let selected: string | undefined;
  const tags = new Map<string, string | null>();
  const empty = tagsEmpty(() => events.onFilter({ configurationId: undefined }));
  const table = createUsageTable({
    id: 'tags',
    title: 'Tracking tags',
    nameHeading: 'Tag',
    nameless: 'no tag',
    onPick: (key) => events.onFilter({ tag: key === selected ? undefined : tags.get(key) }),
    onMore: events.onMore,
  });
  return {
    element: table.element,
    update: (view) => {
      selected = view.query.tag === undefined ? undefined : tagKey(view.query.tag);
      if (!view.snapshot) return;
      const { tags: list, query } = view.snapshot;
      for (const { tag } of list.items) tags.set(tagKey(tag), tag);
      table.update({
        ...commonProperties(view, query),
        items: list.items.map((item): UsageItem => ({ ...item, key: tagKey(item.tag), name: item.tag })),
        selected,
        hint:
          query.configurationId === undefined
            ? 'Select one to see the configurations that use it.'
            : 'Only sessions of the selected configuration.',
        more: list.nextCursor !== null,
        footnote: `${formatSessions(list.distinctSessions)} in total. A session counts once for each of its tags.`,
        empty: query.configurationId === undefined ? empty.all : empty.filtered,
      });
    },
  };
}

function commonProperties({ now, live }: View, { timeZone }: Query) {
  return { now, live, timeZone };
}
