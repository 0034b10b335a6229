import { formatCount } from '../format/number.ts';
import { h, setText } from './dom.ts';

export interface LiveNumber {
  readonly element: HTMLElement;
  /** `live`: a change comes from new sessions (and shows), not from another question. */
  readonly update: (value: number, live: boolean) => void;
}

export function createLiveNumber(): LiveNumber {
  const element = h('span', { class: 'live-number' });
  let shown: number | undefined;
  return {
    element,
    update: (value, live) => {
      if (live && shown !== undefined && value !== shown) pulse(element);
      shown = value;
      setText(element, formatCount(value));
    },
  };
}

/** Two names for one animation: changing between them starts it anew. */
function pulse(element: HTMLElement): void {
  element.dataset['pulse'] = element.dataset['pulse'] === 'a' ? 'b' : 'a';
}
