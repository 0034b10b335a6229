import { useState } from 'preact/hooks';
import { copyText } from '../../../components/forms/copy-button.tsx';
import { Icon } from '../../../components/icons.tsx';
import { Menu } from '../../../components/overlays/menu.tsx';
import { announce } from '../../../lib/announce.ts';
import { ExplainDialog } from './explain-dialog.tsx';

export type Parameters = Readonly<Record<string, unknown>>;

interface CardMenuProps {
  /** Title of the card. */
  readonly title: string;
  readonly cardId: string;
  /** Path of the request whose answer the card shows. */
  readonly path: string;
  readonly query: Parameters;
  /** Downloads the card as a picture. Undefined while it has no data. */
  readonly onPng: (() => Promise<void>) | undefined;
}

/** The menu of a card: CSV, PNG, link, and how its numbers come about. */
export function CardMenu({ title, cardId, path, query, onPng }: CardMenuProps) {
  const [isExplaining, setExplaining] = useState(false);
  const csvUrl = `${path}?${toSearch({ ...query, format: 'csv' })}`;
  return (
    <>
      <Menu label={`${title}: export and explain`} button={<Icon name="dots" />}>
        {(close) => (
          <>
            <a role="menuitem" tabIndex={-1} class="menu__item" href={csvUrl} download onClick={close}>
              Download CSV
            </a>
            <Item
              label="Download PNG"
              isDisabled={onPng === undefined}
              onClick={() => {
                close();
                void onPng?.();
              }}
            />
            <Item
              label="Copy link"
              onClick={() => {
                close();
                void copyText(`${location.origin}${location.pathname}${location.search}#${cardId}`);
                announce('Link copied.');
              }}
            />
            <Item
              label="Explain these numbers"
              onClick={() => {
                close();
                setExplaining(true);
              }}
            />
          </>
        )}
      </Menu>
      {isExplaining && <ExplainDialog title={title} query={query} onClose={() => setExplaining(false)} />}
    </>
  );
}

interface ItemProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

function Item({ label, isDisabled = false, onClick }: ItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      class="menu__item"
      disabled={isDisabled}
      onClick={onClick}
    >
      {label}
    </button>
  );
}

/** Returns the query string of API parameters. Lists are repeated. */
export function toSearch(query: Parameters): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) params.append(name, String(item));
  }
  return params.toString();
}
