import { useState } from 'preact/hooks';

interface NumbersTableProps {
  /** Id for `aria-details` of the chart. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly string[];
  /** Returns the rows. It runs only while the table is open. */
  readonly rows: () => readonly (readonly string[])[];
}

/** The numbers of a chart as a table, for screen readers and for everyone who wants to read them. */
export function NumbersTable({ id, caption, columns, rows }: NumbersTableProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="numbers" id={id} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Show as table<span class="visually-hidden">: {caption}</span>
      </summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table scrolls, also by keyboard.
        <section class="numbers__scroll" tabIndex={0} aria-label={caption}>
          <table class="numbers__table">
            <caption class="visually-hidden">{caption}</caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map(([first, ...cells], index) => (
                <tr key={index}>
                  <th scope="row">{first}</th>
                  {cells.map((cell, position) => (
                    <td key={position}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
