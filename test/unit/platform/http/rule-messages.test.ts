import { expect, it } from 'vitest';
import { toFault } from '../../../../src/platform/http/problems/framework-errors.ts';
import { createValidatorCompiler } from '../../../../src/platform/http/problems/validation.ts';
import { ruleKeyword } from '../../../../src/platform/http/routes/rule-keyword.ts';

type Validate = ((value: unknown) => boolean) & { errors?: Parameters<typeof toFault>[0][] | null };

function faultsOf(member: object, value: unknown) {
  const schema = { type: 'object', properties: { 'a/b': member } };
  const compile = createValidatorCompiler() as unknown as (route: object) => Validate;
  const validate = compile({ schema, httpPart: 'body' });
  expect(validate({ 'a/b': value })).toBe(false);
  return (validate.errors ?? []).map(toFault);
}

const path = '/a~1b';
const text = { type: 'string', minLength: 1, pattern: '^[a-z]+$' };

it('a value that violates several schema keywords causes one error, with the rule of the schema as its message', () => {
  const message = 'must be a colour';
  expect(faultsOf({ ...text, [ruleKeyword]: message }, '')).toEqual([{ path, message }]);
  const union = { anyOf: [text, { type: 'null' }], [ruleKeyword]: message };
  expect(faultsOf(union, 'A')).toEqual([{ path, message }]);
  const list = { type: 'array', items: { ...text, [ruleKeyword]: message } };
  expect(faultsOf(list, ['a', 'B', ''])).toEqual([
    { path: `${path}/1`, message },
    { path: `${path}/2`, message },
  ]);
});

it('the errors of a schema without a rule describe lengths in words and do not contain the pattern', () => {
  expect(faultsOf(text, '')).toEqual([
    { path, message: 'must have at least 1 character' },
    { path, message: 'is not valid' },
  ]);
  expect(faultsOf({ type: 'array', maxItems: 2, items: {} }, [1, 2, 3])).toEqual([
    { path, message: 'must have at most 2 items' },
  ]);
});
