import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { barsPicture, downloadPng } from '../../../charts/png.ts';
import { Card } from '../../../components/card.tsx';
import { QueryView, SkeletonRows } from '../../../components/states.tsx';
import { visibleName } from '../../../lib/names.ts';
import { formatSessions } from '../../../lib/number.ts';
import { CardMenu } from '../cards/card-menu.tsx';
import { rangeText } from '../state/range-text.ts';
import { type Change, type UsageState, writeState } from '../state/state.ts';
import { ListTable } from './list-table.tsx';
import { SortChooser } from './sort-chooser.tsx';
import {
  type ListKind,
  listQuery,
  type RankedItem,
  type RankedList,
  useList,
  useSparklines,
} from './use-lists.ts';

const FIRST_ROWS = 10;
const MORE_ROWS = 50;

interface ListCardProps {
  readonly state: UsageState;
  readonly kind: ListKind;
  readonly title: string;
  readonly nameHeading: string;
  readonly hint: string;
  /** Replaces an empty list. */
  readonly empty: ComponentChildren;
  readonly isSelected: (item: RankedItem) => boolean;
  readonly onPick: (item: RankedItem) => void;
  readonly onChange: (change: Change) => void;
}

/** The card of a ranked list: configurations or tags. A row filters the page. */
export function ListCard(props: ListCardProps) {
  const { state, kind, title, hint } = props;
  const [wanted, setWanted] = useState(FIRST_ROWS);
  const search = writeState(state);
  useEffect(() => setWanted(FIRST_ROWS), [search]);
  const list = useList(state, kind, wanted);
  const items = list.data.value?.items ?? [];
  const sparklines = useSparklines(state, kind, items);
  const savePng = () => downloadPng(barsPicture(title, rangeText(state), items.map(toBar)), `${kind}.png`);
  return (
    <Card
      id={kind}
      title={title}
      hint={items.length > 0 ? hint : ''}
      class="list"
      actions={
        <>
          <SortChooser title={title} state={state} onChange={props.onChange} />
          <CardMenu
            title={title}
            cardId={kind}
            path={`/api/v1/usage/${kind}`}
            query={listQuery(state, kind)}
            onPng={items.length > 0 ? savePng : undefined}
          />
        </>
      }
    >
      <QueryView query={list} skeleton={<SkeletonRows count={FIRST_ROWS} />}>
        {(data) =>
          data.items.length === 0 ? (
            props.empty
          ) : (
            <>
              <ListTable {...props} list={data} sparklines={sparklines.data.value} source={search} />
              <Foot
                list={data}
                onMore={() => setWanted(Math.floor(wanted / MORE_ROWS) * MORE_ROWS + MORE_ROWS)}
              />
            </>
          )
        }
      </QueryView>
    </Card>
  );
}

function Foot({ list, onMore }: { readonly list: RankedList; readonly onMore: () => void }) {
  const { nextCursor, distinctSessions } = list;
  if (nextCursor === null && distinctSessions === undefined) return null;
  return (
    <div class="list__foot">
      {nextCursor !== null && (
        <button type="button" class="button" onClick={onMore}>
          Show more
        </button>
      )}
      {distinctSessions !== undefined && (
        <p class="list__footnote">
          {formatSessions(distinctSessions)} in total. A session counts once for each of its tags.
        </p>
      )}
    </div>
  );
}

function toBar({ name, sessions, total }: RankedItem) {
  const value = sessions ?? total;
  return { name: name === null ? 'no tag' : visibleName(name), value, text: formatSessions(value) };
}
