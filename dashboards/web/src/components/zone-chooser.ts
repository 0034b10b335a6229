import { findZone, zoneNames } from '../format/zones.ts';
import type { Part } from '../state/view.ts';
import { h, setAttribute, setText } from '../ui/dom.ts';

/** Creates the input for the time zone. It accepts IANA names and cities. */
export function createZoneChooser(onChoose: (timeZone: string) => void): Part {
  const input = h('input', {
    id: 'zone',
    class: 'field zone__input',
    list: 'zones',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'aria-describedby': 'zone-fault',
  });
  const options = zoneNames().map((name) => h('option', { value: name }));
  const fault = h('p', { id: 'zone-fault', class: 'zone__fault', role: 'alert' });
  const element = h(
    'div',
    { class: 'zone' },
    h('label', { class: 'zone__label', for: 'zone' }, 'Time zone'),
    input,
    h('datalist', { id: 'zones' }, ...options),
    fault,
  );
  let selected = '';

  function show(timeZone: string): void {
    selected = timeZone;
    input.value = timeZone;
    showFault('');
  }

  function showFault(message: string): void {
    setText(fault, message);
    setAttribute(input, 'aria-invalid', message === '' ? false : 'true');
  }

  function choose(): void {
    const zone = findZone(input.value);
    if (!zone) {
      showFault('Unknown time zone. Try a city, such as Berlin, or UTC.');
      return;
    }
    if (zone !== selected) onChoose(zone);
    show(zone);
  }

  input.addEventListener('change', () => {
    choose();
    if (document.activeElement === input) input.select();
  });
  // A selection from the list applies immediately, before the input loses focus.
  input.addEventListener('input', () => zoneNames().includes(input.value) && choose());
  input.addEventListener('focus', () => input.select());
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') show(selected);
  });

  return {
    element,
    update: ({ query }) => {
      if (query.timeZone !== selected) show(query.timeZone);
    },
  };
}
