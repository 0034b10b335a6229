import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkClaims } from '../../../../src/tokens/claims/claims.ts';
import { locales } from '../../../../src/tokens/claims/claims-schema.ts';
import { grantsChars, isDeeperThan } from '../../../../src/tokens/claims/json-size.ts';
import type { DirectoryAnswer } from '../../../../src/tokens/directory/directory.ts';
import { findDataFaults, questionOf } from '../../../../src/tokens/validation/data-level.ts';
import { hasErrors, levels, severities } from '../../../../src/tokens/validation/findings.ts';
import { findLogicFaults, findNotYetValid } from '../../../../src/tokens/validation/logic.ts';
import { createStructureCheck } from '../../../../src/tokens/validation/structure.ts';
import { hostilePayloads, nonObjects } from '../../../support/hostile-claims.ts';

const checkStructure = createStructureCheck();
const nowMs = Date.UTC(2026, 10, 21, 8);
const answer: DirectoryAnswer = { subject: 'unknown', resources: new Map([['dashboards/1', ['Sales']]]) };

function everyFinding(payload: unknown) {
  return [
    ...checkStructure(payload),
    ...findNotYetValid(payload, nowMs),
    ...findLogicFaults(payload, nowMs),
    ...findDataFaults(payload, answer),
  ];
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const members = fc.array(fc.oneof(text, fc.integer(), fc.boolean()), { maxLength: 5 });
const optional = <T>(model: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<T>;
const aclEntry = fc.record(
  {
    dataSourceTitle: text,
    table: text,
    column: text,
    datatype: text,
    members,
    exclusionary: fc.boolean(),
    allMembers: fc.constant(null),
  },
  { requiredKeys: ['dataSourceTitle', 'table', 'column'] },
);
/** Generates payloads that follow docs/reference/claims.md. */
const goodPayload = fc.record(
  {
    sub: text,
    exp: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    nbf: fc.option(fc.integer()),
    iat: fc.integer(),
    iss: text,
    grants: optional({
      res: fc.array(fc.stringMatching(/^dashboards\/[!-.0-~]{1,20}$/), { maxLength: 5 }),
      flt: fc.array(fc.record({ jaql: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })) }), {
        maxLength: 3,
      }),
      acl: fc.array(aclEntry, { maxLength: 3 }),
      prm: fc.oneof(
        fc.subarray(['filter', 'export']),
        optional({ filter: fc.boolean(), export: fc.boolean() }),
      ),
    }),
    lng: fc.constantFrom(...locales),
    loc: fc.constantFrom(...locales),
    thm: text,
    trc: fc.array(fc.stringMatching(/^[ -~]{1,128}$/), { maxLength: 64 }),
  },
  { requiredKeys: ['sub'] },
);

/** Generates valid payloads in which a random JSON value replaces one claim or one member of `grants`. */
const changedPayload = fc
  .tuple(
    goodPayload,
    fc.constantFrom('sub', 'exp', 'nbf', 'trc', 'grants', 'res', 'flt', 'acl', 'prm'),
    fc.jsonValue(),
  )
  .map(([payload, name, value]) =>
    ['res', 'flt', 'acl', 'prm'].includes(name)
      ? { ...payload, grants: { ...(payload.grants as object | undefined), [name]: value } }
      : { ...payload, [name]: value },
  );

describe('the validation levels', () => {
  it('accept every payload that follows the documented rules', () => {
    fc.assert(
      fc.property(goodPayload, (payload) => {
        expect(checkStructure(payload)).toEqual([]);
      }),
    );
  });

  it('reject every payload whose claims an exchange rejects, so that an issued token can be exchanged', () => {
    fc.assert(
      fc.property(fc.oneof(goodPayload, changedPayload, fc.jsonValue()), (payload) => {
        if (!checkClaims(payload).ok) expect(hasErrors(checkStructure(payload))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('return findings with level, path, severity, message and fix for any payload', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), changedPayload, fc.anything()), (payload) => {
        for (const { level, path, severity, message, fix } of everyFinding(payload)) {
          expect(levels).toContain(level);
          expect(severities).toContain(severity);
          expect(path).toMatch(/^(\/.*)?$/s);
          expect(message).not.toBe('');
          expect(message).not.toContain('undefined');
          expect(fix).not.toBe('');
        }
      }),
    );
  });

  it('do not modify the payload', () => {
    fc.assert(
      fc.property(changedPayload, (payload) => {
        const before = JSON.stringify(payload);
        everyFinding(payload);
        questionOf(payload);
        expect(JSON.stringify(payload)).toBe(before);
      }),
    );
  });

  it('count the characters that JSON.stringify writes for prm, res, flt and acl', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('prm', 'res', 'flt', 'acl', 'x'), fc.jsonValue()),
        (grants) => {
          const parts = ['prm', 'res', 'flt', 'acl'].filter((name) => grants[name] !== undefined);
          const sum = parts.reduce((chars, name) => chars + JSON.stringify(grants[name]).length, 0);
          expect(grantsChars(grants)).toBe(sum);
          expect(sum).toBeLessThanOrEqual(JSON.stringify(grants).length);
        },
      ),
    );
  });

  it('agree with a recursive depth count on which values are nested too deep', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(8), (value, max) => {
        expect(isDeeperThan(value, max)).toBe(depthOf(value) > max);
      }),
    );
  });
});

describe('hostile payloads', () => {
  it.each(Object.entries(hostilePayloads))(
    'are validated within 2 seconds and without side effects: %s',
    (_, json) => {
      const payload: unknown = JSON.parse(json);
      const startMs = performance.now();
      const findings = everyFinding(payload);
      expect(performance.now() - startMs).toBeLessThan(2000);
      if (!checkClaims(payload).ok) expect(hasErrors(findings)).toBe(true);
      expect(Object.prototype).not.toHaveProperty('polluted');
      expect(Object.prototype).not.toHaveProperty('exp');
    },
  );

  it.each(nonObjects.map((json) => [json.slice(0, 20), json]))(
    'are rejected if they are not objects: %s',
    (_, json) => {
      expect(hasErrors(checkStructure(JSON.parse(json)))).toBe(true);
      expect(checkClaims(JSON.parse(json)).ok).toBe(false);
    },
  );
});
