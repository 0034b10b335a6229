import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Name } from '../components/name.tsx';
import { Dialog } from '../components/overlays/dialog.tsx';
import { type Option, OptionList } from '../components/overlays/option-list.tsx';
import { presets } from '../lib/ranges.ts';
import { useFoundConfigurations } from '../pages/usage/filters/configuration-filter.tsx';
import { useFoundTags } from '../pages/usage/filters/tag-filter.tsx';
import { rememberName } from '../pages/usage/state/known-names.ts';
import { type Change, readState, writeState } from '../pages/usage/state/state.ts';
import type { PageRoute } from './routes.ts';

interface PaletteProps {
  readonly routes: readonly PageRoute[];
  readonly onClose: () => void;
}

interface Command extends Option {
  /** Text that the search reads. */
  readonly text: string;
  readonly run: () => void;
}

/** The command palette: pages, ranges, orders, configurations and tags by a few letters. */
export function Palette({ routes, onClose }: PaletteProps) {
  const [text, setText] = useState('');
  const { path, route } = useLocation();
  const configurations = useFoundConfigurations();
  const tags = useFoundTags();
  /** Changes the usage page. From other pages, it goes there. */
  const show = (change: Change) => {
    const search = path === '/' ? location.search : '';
    route(`/${writeState({ ...readState(search), ...change })}`);
  };
  const wanted = text.trim().toLowerCase();
  const fixed = [...pageCommands(routes, route), ...viewCommands(show)].filter((command) =>
    command.text.toLowerCase().includes(wanted),
  );
  const found: Command[] =
    wanted === ''
      ? []
      : [
          ...(configurations.query.data.value?.items ?? []).slice(0, 8).map((item) => ({
            key: `configuration ${item.configurationId}`,
            group: 'Configurations',
            text: item.name,
            label: <Name>{item.name}</Name>,
            run: () => {
              rememberName(item.configurationId, item.name);
              show({ configurationIds: [item.configurationId] });
            },
          })),
          ...(tags.query.data.value?.items ?? []).slice(0, 8).flatMap(({ tag }) =>
            tag === null
              ? []
              : [
                  {
                    key: `tag ${tag}`,
                    group: 'Tags',
                    text: tag,
                    label: <Name>{tag}</Name>,
                    run: () => show({ tags: [tag], untagged: false }),
                  },
                ],
          ),
        ];
  const commands = [...fixed, ...found];
  return (
    <Dialog title="Search" kind="palette" onClose={onClose}>
      <OptionList
        label="Search pages, ranges, configurations and tags"
        placeholder="Search pages, ranges, configurations and tags"
        emptyText="No match."
        options={commands}
        onSearch={(value) => {
          setText(value);
          configurations.setText(value);
          tags.setText(value);
        }}
        onChoose={(key) => {
          onClose();
          commands.find((command) => command.key === key)?.run();
        }}
      />
    </Dialog>
  );
}

function pageCommands(routes: readonly PageRoute[], route: (url: string) => void): Command[] {
  return routes.flatMap(({ path, label, keywords = '' }) =>
    label === undefined
      ? []
      : [{ key: path, group: 'Pages', text: `${label} ${keywords}`, label, run: () => route(path) }],
  );
}

function viewCommands(show: (change: Change) => void): Command[] {
  const ranges = presets.map(({ range, label, key }) => ({
    key: range,
    group: 'Ranges',
    text: label,
    label,
    note: <kbd>{key.toUpperCase()}</kbd>,
    run: () => show({ range: { preset: range }, granularity: undefined }),
  }));
  const orders = [
    ['-change', 'What grew most'],
    ['change', 'What fell most'],
    ['-sessions', 'Most sessions'],
  ] as const;
  return [
    ...ranges,
    ...orders.map(([sort, label]) => ({
      key: sort,
      group: 'Order',
      text: label,
      label,
      run: () => show({ sort }),
    })),
  ];
}
