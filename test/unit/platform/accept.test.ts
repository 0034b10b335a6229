import { expect, it } from 'vitest';
import { prefersMediaType } from '../../../src/platform/http/routes/accept.ts';

const pem = 'application/x-pem-file';

it.each([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/*', false],
  ['application/json', false],
  ['text/html,application/xhtml+xml,*/*;q=0.8', false],
  [pem, true],
  ['Application/X-PEM-File ; q=0.5', true],
  [`${pem}, */*;q=0.1`, true],
  [`${pem}, application/json`, true],
  [`application/json;q=0.9, ${pem}`, true],
  [`application/json, ${pem};q=0.9`, false],
  [`${pem};q=0`, false],
  [`${pem};q=0.000, application/json;q=0`, false],
  [`x${pem}`, false],
])('prefersMediaType for application/x-pem-file and the Accept header "%s" returns %s', (accept, asks) => {
  expect(prefersMediaType(pem, accept)).toBe(asks);
});
