import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeOfJsonFault } from '../../../src/cli/support/json-fault.ts';

it.each([
  ['', 'line 1, column 1'],
  ['{"a":1,}', 'line 1, column 8'],
  ["{'a':1}", 'line 1, column 2'],
  ['{"a":1', 'line 1, column 7'],
  ['{\n  "sub": "alice"\n  "trc": []\n}', 'line 3, column 3'],
  ['{"a":[1,2}', 'line 1, column 10'],
  ['{"a":"b\nc"}', 'line 1, column 6'],
  ['{"a":01}', 'line 1, column 7'],
  ['{"a":undefined}', 'line 1, column 6'],
  ['{"a" 1}', 'line 1, column 6'],
  ['[]]', 'line 1, column 3'],
  ['{} {}', 'line 1, column 4'],
])('placeOfJsonFault reports the error in %j at %s', (text, place) => {
  expect(placeOfJsonFault(text)).toBe(place);
});

it('placeOfJsonFault reports text after a JSON value at the first character of that text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify({ value });
      expect(placeOfJsonFault(`${json} x`)).toBe(`line 1, column ${json.length + 2}`);
    }),
  );
});
