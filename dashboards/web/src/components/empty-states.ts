import { type Child, h } from '../ui/dom.ts';

/** Texts that replace an empty list. */
export interface EmptyStates {
  /** Shown if the instance has no data. */
  readonly all: HTMLElement;
  /** Shown if the filter has no results. */
  readonly filtered: HTMLElement;
}

/** Creates the texts for an empty list of configurations. */
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
      h('p', {}, 'Or generate sample sessions:'),
      code('npm run demo'),
    ),
    filtered: filtered('No configuration has sessions with this tag.', 'Remove the tag filter', onClear),
  };
}

/** Creates the texts for an empty list of tags. */
export function tagsEmpty(onClear: () => void): EmptyStates {
  return {
    all: h(
      'div',
      { class: 'empty' },
      h('h3', {}, 'No sessions yet'),
      h('p', {}, 'Tags come from the ', h('code', {}, 'trc'), ' claim of a Web Access Token, such as:'),
      code('"trc": ["spring-campaign", "partner-a"]'),
      h('p', {}, 'They appear here after the first session. Sessions without tags appear as “no tag”.'),
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
