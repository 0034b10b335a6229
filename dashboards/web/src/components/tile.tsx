import type { ComponentChildren } from 'preact';

interface TileProps {
  readonly label: string;
  /** Undefined until the first response. */
  readonly value: ComponentChildren | undefined;
  readonly note: ComponentChildren;
}

/** A number with its label and a note, in the `<dl class="readings">` of a dark summary card. */
export function Tile({ label, value, note }: TileProps) {
  return (
    <div class="reading">
      <dt class="reading__label">{label}</dt>
      <dd>
        <span class="reading__value">{value}</span>
      </dd>
      <dd class="reading__note">{note}</dd>
    </div>
  );
}
