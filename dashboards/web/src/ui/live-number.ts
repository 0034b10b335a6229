import { formatCount } from '../format/number.ts';
import { h, setText } from './dom.ts';

export interface LiveNumber {
  readonly element: HTMLElement;
  /**
   * Shows a value. With `live`, a change is animated, because it comes from new sessions and not from a new
   * query.
   */
  readonly update: (value: number, live: boolean) => void;
}

/** Creates a number that pulses when new sessions change it. */
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

/**
 * Restarts the animation. The CSS has two names for it, because only a different name restarts an animation.
 */
function pulse(element: HTMLElement): void {
  element.dataset['pulse'] = element.dataset['pulse'] === 'a' ? 'b' : 'a';
}
