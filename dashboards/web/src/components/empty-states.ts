import { type Child, h } from '../ui/dom.ts';

export interface EmptyStates {
  readonly all: HTMLElement;
  readonly filtered: HTMLElement;
}

export function configurationsEmpty(onClear: () => void): EmptyStates {
  return {
    all: h(
      'div',
      { class: 'empty' },
      h('h3', {}, 'No token configurations yet'),
      h('p', {}, 'Create the first one with the API:'),
      code(
        [
          `curl ${location.origin}/api/v1/web-access-tokens/configurations \\`,
          '  -H "Authorization: Bearer $WATMETER_TOKEN" \\',
          '  -H "Content-Type: application/json" \\',
          `  -d '{ "name": "My first configuration" }'`,
        ].join('\n'),
      ),
      h('p', {}, 'Or fill watmeter with sample sessions:'),
      code('npm run demo'),
    ),
    filtered: filtered('No configuration has sessions with this tag.', 'Remove the tag filter', onClear),
  };
}

export function tagsEmpty(onClear: () => void): EmptyStates {
  return {
    all: h(
      'div',
      { class: 'empty' },
      h('h3', {}, 'No sessions yet'),
      h('p', {}, 'Tags come from the ', h('code', {}, 'trc'), ' claim of a Web Access Token, such as:'),
      code('"trc": ["spring-campaign", "partner-a"]'),
      h('p', {}, 'They appear here with the first session, and sessions without tags as “no tag”.'),
    ),
    filtered: filtered('This configuration has no sessions yet.', 'Remove the configuration filter', onClear),
  };
}

function filtered(text: string, action: string, onClear: () => void): HTMLElement {
  const button = h('button', { type: 'button', class: 'button' }, action);
  button.addEventListener('click', onClear);
  return h('div', { class: 'empty' }, h('p', {}, text), button);
}

function code(...text: Child[]): HTMLElement {
  return h('pre', { class: 'code', tabindex: 0 }, h('code', {}, ...text));
}
