import { describe, expect, it } from 'vitest';
import { findLogicFaults, findNotYetValid } from '../../../../src/tokens/validation/logic.ts';

const nowMs = Date.UTC(2026, 10, 21, 8);
const nowS = nowMs / 1000;
const findingsOf = (claims: Record<string, unknown>) =>
  findLogicFaults({ sub: 'alice', ...claims }, nowMs).map(({ severity, path }) => `${severity} ${path}`);
const rule = { dataSourceTitle: 'Sales', table: 't', column: 'c', members: ['a'] };

describe('time claims', () => {
  it('have no findings if they are plausible', () => {
    expect(findingsOf({ exp: nowS + 1, nbf: nowS - 1, iat: nowS })).toEqual([]);
    expect(findingsOf({ exp: null, nbf: null })).toEqual([]);
    expect(findingsOf({ nbf: nowS + 1000 })).toEqual([]);
  });

  it.each([
    [{ exp: nowS }, ['error /exp']],
    [{ exp: nowS + 0.001 }, []],
    [{ exp: nowS + 10, nbf: nowS + 10 }, ['error /nbf']],
    [{ exp: nowS + 10, nbf: nowS + 9.999 }, []],
    [{ exp: 5, nbf: 6 }, ['error /exp', 'error /nbf']],
    [{ iat: nowS + 60 }, []],
    [{ iat: nowS + 61 }, ['error /iat']],
    [{ iat: nowMs }, ['error /iat']],
    [{ exp: nowMs, nbf: nowMs - 1 }, ['error /exp', 'error /nbf']],
    [{ exp: `${nowMs}` }, []],
    [{ exp: { toString: [] }, nbf: { valueOf: 0, toString: null }, iat: [{ toString: [] }] }, []],
  ])('have the expected findings: %j', (claims, findings) => {
    expect(findingsOf(claims)).toEqual(findings);
  });

  it('are reported as not yet valid only before nbf', () => {
    expect(findNotYetValid({ nbf: nowS + 0.001 }, nowMs)).toMatchObject([
      { path: '/nbf', severity: 'error' },
    ]);
    for (const payload of [{ nbf: nowS }, {}, { nbf: null }, { nbf: '9e9' }, null, []])
      expect(findNotYetValid(payload, nowMs)).toEqual([]);
  });
});

describe('grants', () => {
  it('cause a warning if they are outside the `grants` claim', () => {
    expect(findingsOf({ res: [], flt: 1, acl: null, prm: {}, grants: {} })).toEqual([
      ...['warning /prm', 'warning /res', 'warning /flt', 'warning /acl'],
    ]);
  });

  it('get a warning for each repeated resource', () => {
    expect(findingsOf({ grants: { res: ['a/1', 'a/2', 'a/1', 'a/1'] } })).toEqual([
      'warning /grants/res/2',
      'warning /grants/res/3',
    ]);
  });

  it('get a warning for an empty acl, which means no data security', () => {
    expect(findingsOf({ grants: { acl: [] } })).toEqual(['warning /grants/acl']);
    expect(findingsOf({ grants: {} })).toEqual([]);
    expect(findingsOf({ grants: { acl: [rule] } })).toEqual([]);
  });

  it('get a warning for each filter on a data source that acl omits', () => {
    const flt = [
      { datasource: 'Sales' },
      { datasource: 'Other' },
      { jaql: { datasource: { title: 'Third' } } },
      { jaql: { datasource: { title: 'Sales' } } },
      { jaql: {} },
      'x',
    ];
    expect(findingsOf({ grants: { acl: [rule], flt } })).toEqual([
      'warning /grants/flt/1',
      'warning /grants/flt/2',
    ]);
    expect(findingsOf({ grants: { flt } })).toEqual([]);
    expect(findingsOf({ grants: { acl: [rule], flt: [{ datasource: '__proto__' }] } })).toEqual([
      'warning /grants/flt/0',
    ]);
  });

  it.each([
    [{ ...rule, members: [] }, ['warning /grants/acl/0']],
    [{ ...rule, members: [], exclusionary: true }, ['warning /grants/acl/0']],
    [{ ...rule, allMembers: true }, ['warning /grants/acl/0']],
    [{ ...rule, members: [], allMembers: true }, []],
    [{ ...rule, exclusionary: true }, []],
  ])('have the expected findings for an acl rule: %j', (entry, findings) => {
    expect(findingsOf({ grants: { acl: [entry] } })).toEqual(findings);
  });
});
