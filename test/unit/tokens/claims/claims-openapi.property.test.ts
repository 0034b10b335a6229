import fc from 'fast-check';
import { expect, it } from 'vitest';
import { claimsDescription } from '../../../../src/tokens/claims/claims-openapi.ts';
import { withoutNullClaims } from '../../../../src/tokens/claims/null-claims.ts';
import { createStructureCheck } from '../../../../src/tokens/validation/structure.ts';
import { createAjv } from '../../../support/openapi/schemas.ts';

const findStructureFaults = createStructureCheck();
const { title: _, ...published } = JSON.parse(JSON.stringify(claimsDescription));
delete published.properties.grants.title;
const isDescribed = createAjv().compile(published);

const times = fc.constantFrom(null, 0, -1, 1.5, 1_924_988_400, '1924988400', true);
const text = fc.constantFrom(
  'a',
  '',
  'dashboards/sales',
  'de-DE',
  'x'.repeat(129),
  'x'.repeat(257),
  7,
  null,
  [],
);
const list = (item: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: fc.array(item, { maxLength: 3 }) }, text);
const object = (members: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof({ weight: 6, arbitrary: fc.record(members, { requiredKeys: [] }) }, text);
const flag = fc.constantFrom(true, false, null, 'true');
const acl = object({
  ...{ dataSourceTitle: text, table: text, column: text, datatype: text },
  ...{ members: list(fc.constantFrom('a', 1, true, null)), exclusionary: flag, allMembers: flag },
});
const claims = fc.record(
  {
    ...{
      sub: text,
      exp: times,
      nbf: times,
      iat: times,
      iss: text,
      lng: text,
      loc: text,
      thm: text,
      other: text,
    },
    trc: list(text),
    grants: object({
      ...{ res: list(text), flt: list(object({ jaql: object({}) })), acl: list(acl) },
      prm: fc.oneof(list(fc.constantFrom('filter', 'export', 'all')), object({ filter: flag, export: flag })),
    }),
  },
  { requiredKeys: [] },
);
/** Generates payloads. Most of them have few members, because a payload with all members is rarely valid. */
const anyPayload = fc.oneof(
  claims,
  fc
    .tuple(claims, fc.subarray(['exp', 'trc', 'lng', 'grants', 'other'], { maxLength: 2 }))
    .map(([all, names]) => ({
      sub: 'alice',
      ...Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))),
    })),
);

it('the OpenAPI document allows exactly the claims that pass the structure check', () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(anyPayload, (payload) => {
      const isValid = findStructureFaults(withoutNullClaims(payload)).length === 0;
      seen.add(isValid);
      expect([payload, isDescribed(payload)]).toEqual([payload, isValid]);
    }),
    { numRuns: 2000 },
  );
  expect(seen.size).toBe(2);
});
