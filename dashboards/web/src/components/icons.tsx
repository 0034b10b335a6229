const PATHS = {
  cross: 'M4 4l8 8M12 4l-8 8',
  arrowDown: 'M8 3v10M4 9l4 4 4-4',
  chevronDown: 'M4 6.5l4 4 4-4',
  check: 'M3.5 8.5l3 3 6-7',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3',
  back: 'M10 3L5 8l5 5',
  calendar: 'M2.5 4.5h11v9h-11zM2.5 7h11M5.5 2.5v3M10.5 2.5v3',
  globe:
    'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c2 2 2.6 4 2.6 6S10 12 8 14M8 2C6 4 5.4 6 5.4 8S6 12 8 14',
  copy: 'M6 6h7v7H6zM3 10V3h7',
} as const;

/** An icon of the page. It is decorative: the control that contains it has a text or a label. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class={`icon icon--${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
