import type { Part } from '../state/view.ts';
import { h, setText } from '../ui/dom.ts';

/** Creates the notice that explains why the server rejects the query, for example a missing scope. */
export function createNotice(): Part {
  const text = h('p');
  const element = h('div', { class: 'notice', role: 'alert' }, text);
  return {
    element,
    update: ({ connection }) => {
      const isRefused = connection.kind === 'refused';
      element.hidden = !isRefused;
      setText(text, isRefused ? connection.detail : '');
    },
  };
}
