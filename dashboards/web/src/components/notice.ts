import type { Part } from '../state/view.ts';
import { h, setText } from '../ui/dom.ts';

/** What the server says when it does not take the question: a missing scope, a zone it does not know. */
export function createNotice(): Part {
  const text = h('p');
  const element = h('div', { class: 'notice', role: 'alert' }, text);
  return {
    element,
    update: ({ connection }) => {
      const refused = connection.kind === 'refused';
      element.hidden = !refused;
      setText(text, refused ? connection.detail : '');
    },
  };
}
