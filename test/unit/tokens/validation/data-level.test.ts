import { describe, expect, it } from 'vitest';
import type { DirectoryAnswer } from '../../../../src/tokens/directory/directory.ts';
import { findDataFaults, questionOf } from '../../../../src/tokens/validation/data-level.ts';

const acl = (...titles: string[]) => titles.map((dataSourceTitle) => ({ dataSourceTitle }));
const grants = { res: ['dashboards/1', 'dashboards/2'] };
const known: DirectoryAnswer = {
  subject: 'known',
  resources: new Map([
    ['dashboards/1', ['Sales']],
    ['dashboards/2', ['Sales', 'Stock']],
  ]),
};
const findingsOf = (payload: unknown, answer: DirectoryAnswer) =>
  findDataFaults(payload, answer).map(({ severity, path }) => `${severity} ${path}`);

describe('the data level of token validation', () => {
  it('looks up the subject, and looks up each resource once', () => {
    const res = ['a/1', 'a/1', 5, 'a/2'];
    expect(questionOf({ sub: 'alice', grants: { res } })).toEqual({
      subject: 'alice',
      resources: ['a/1', 'a/2'],
    });
    expect(questionOf({ sub: 'alice' })).toEqual({ subject: 'alice', resources: [] });
    for (const payload of [null, [], {}, { sub: 7 }]) expect(questionOf(payload)).toBeUndefined();
  });

  it('reports an unknown subject and unknown resources', () => {
    expect(findingsOf({ sub: 'alice', grants }, known)).toEqual([]);
    expect(findingsOf({ sub: 'alice', grants }, { subject: 'unknown', resources: new Map() })).toEqual([
      'error /sub',
      'error /grants/res/0',
      'error /grants/res/1',
    ]);
  });

  it('reports resources that are not strings as unknown, even objects that cannot be converted to a string', () => {
    const payload = { sub: 'alice', grants: { res: [{ toString: [] }, 5] } };
    expect(findingsOf(payload, known)).toEqual(['error /grants/res/0', 'error /grants/res/1']);
  });

  it('warns about resources with a data source that acl omits', () => {
    expect(findingsOf({ sub: 'a', grants: { ...grants, acl: acl('Sales') } }, known)).toEqual([
      'warning /grants/res/1',
    ]);
    expect(findingsOf({ sub: 'a', grants: { ...grants, acl: acl('Sales', 'Stock') } }, known)).toEqual([]);
    expect(findingsOf({ sub: 'a', grants: { ...grants, acl: [] } }, known)).toEqual([]);
  });

  it('warns about acl rules whose data source no resource uses, if all resources are known', () => {
    const payload = (res: string[]) => ({ sub: 'a', grants: { res, acl: acl('Sales', 'Stock', 'Gone') } });
    expect(findingsOf(payload(['dashboards/2']), known)).toEqual(['warning /grants/acl/2']);
    expect(findingsOf(payload(['dashboards/1']), known)).toEqual([
      'warning /grants/acl/1',
      'warning /grants/acl/2',
    ]);
    expect(findingsOf(payload(['dashboards/2', 'dashboards/3']), known)).toEqual(['error /grants/res/1']);
    expect(findingsOf({ sub: 'a', grants: { acl: acl('Gone') } }, known)).toEqual([]);
  });

  it('reports which claims were not checked and why, and omits the resources if the token has none', () => {
    const unchecked = { unchecked: 'the directory is down', fix: 'Ask.' };
    const answer = { subject: unchecked, resources: unchecked };
    expect(findingsOf({ sub: 'alice', grants }, answer)).toEqual(['info /sub', 'info /grants/res']);
    expect(findDataFaults({ sub: 'alice' }, answer)).toEqual([
      {
        level: 'data',
        path: '/sub',
        severity: 'info',
        message: 'was not checked: the directory is down',
        fix: 'Ask.',
      },
    ]);
  });
});
