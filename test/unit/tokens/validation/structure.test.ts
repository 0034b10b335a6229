import { describe, expect, it } from 'vitest';
import { locales, type WatClaimSet } from '../../../../src/tokens/claims/claims-schema.ts';
import { maxGrantsChars } from '../../../../src/tokens/claims/json-size.ts';
import { type Finding, hasErrors, limitFindings } from '../../../../src/tokens/validation/findings.ts';
import { createStructureCheck, maxPayloadDepth } from '../../../../src/tokens/validation/structure.ts';

const check = createStructureCheck();
const faultsOf = (claims: Record<string, unknown>) => check({ sub: 'alice', ...claims });
const pathsOf = (claims: Record<string, unknown>) => faultsOf(claims).map(({ path }) => path);

const full: WatClaimSet = {
  sub: 'alice',
  exp: 4_102_444_800.5,
  nbf: 0,
  iat: 1,
  iss: 'portal',
  grants: {
    res: ['dashboards/65a1b2c3d4e5f60718293a4b', 'dashboards/sales-2026'],
    flt: [{ jaql: { dim: '[Commerce.Condition]', datatype: 'text', filter: { members: ['New'] } } }],
    acl: [
      {
        dataSourceTitle: 'Sample ECommerce',
        table: 'Country',
        column: 'Country',
        datatype: 'text',
        members: ['DE', 5, true],
        exclusionary: false,
        allMembers: null,
      },
    ],
    prm: ['filter', 'export'],
  },
  lng: 'de-DE',
  loc: 'tr-TR',
  thm: '65a1b2c3d4e5f60718293a4b',
  trc: ['campaign', 'Zoë'],
};

describe('a valid payload', () => {
  it('has no findings, whether it contains all claims, only `sub`, or unknown claims', () => {
    expect(check(full)).toEqual([]);
    expect(check({ sub: 'alice' })).toEqual([]);
    expect(check({ ...full, jti: {}, aud: ['x'], grants: { ...full.grants, more: 1 } })).toEqual([]);
  });

  it('may contain empty lists, null for exp and nbf, and prm as an object', () => {
    expect(check({ sub: 'a', exp: null, nbf: null, grants: {} })).toEqual([]);
    expect(check({ sub: 'a', grants: { res: [], flt: [], acl: [], prm: [] }, trc: [] })).toEqual([]);
    expect(check({ sub: 'a', grants: { prm: { filter: true, export: false } } })).toEqual([]);
  });
});

describe('findings', () => {
  it('are reported together, one per location, with level, severity, message and fix', () => {
    const faults = check({
      exp: '1',
      nbf: [],
      grants: { res: 'a', acl: [{ table: 1 }] },
      lng: 'de',
      trc: [''],
    });
    expect(faults.map(({ path }) => path).sort()).toEqual([
      ...['/exp', '/grants/acl/0/column', '/grants/acl/0/dataSourceTitle', '/grants/acl/0/table'],
      ...['/grants/res', '/lng', '/nbf', '/sub', '/trc/0'],
    ]);
    for (const { level, severity, message, fix } of faults) {
      expect([level, severity]).toEqual(['structure', 'error']);
      expect(message).toMatch(/^(is missing: )?must be [^\n]+$/);
      expect(message).not.toMatch(/undefined/);
      expect(fix).toMatch(/^[A-Z].+\.$/);
    }
    expect(faults.find(({ path }) => path === '/sub')?.message).toBe(
      'is missing: must be text of 1 to 1024 characters',
    );
  });

  it('never repeat a value', () => {
    const marker = 'marker-7f3a';
    const faults = check({
      sub: { [marker]: marker },
      lng: marker,
      grants: { res: [marker], prm: [marker], acl: [{ datatype: [marker] }] },
      trc: `${marker}`,
      iss: [marker],
    });
    expect(faults.length).toBeGreaterThan(5);
    expect(JSON.stringify(faults)).not.toContain(marker);
  });

  it.each([null, [], 'alice', 42, true, undefined])('report that %j is not an object', (payload) => {
    expect(check(payload)).toMatchObject([{ path: '', message: 'must be an object' }]);
  });
});

describe('the structure check', () => {
  it.each(['lng', 'loc'])('requires %s to be a listed locale in its exact spelling', (name) => {
    for (const locale of locales) expect(faultsOf({ [name]: locale })).toEqual([]);
    for (const other of ['de', 'en-us', 'EN-US', '', null, 1, 'constructor', 'en_US', 'uk-UA'])
      expect(pathsOf({ [name]: other })).toEqual([`/${name}`]);
  });

  it('has a list of 13 locales', () => {
    expect([...locales].sort().join(' ')).toBe(
      'de-DE en-US es-AR es-ES fr-FR it-IT ja-JP ko-KR nl-NL pt-BR ru-RU tr-TR zh-CN',
    );
  });

  it.each([
    [{ sub: 'a'.repeat(1024) }, []],
    [{ sub: '\u{1f600}'.repeat(512) }, []],
    [{ sub: '\u{1f600}'.repeat(513) }, ['/sub']],
    [{ sub: '' }, ['/sub']],
    [{ exp: Number.POSITIVE_INFINITY }, ['/exp']],
    [{ iat: 'now' }, ['/iat']],
    [{ iss: 7 }, ['/iss']],
    [{ thm: {} }, ['/thm']],
    [{ grants: null }, ['/grants']],
    [{ grants: [] }, ['/grants']],
    [
      { grants: { res: ['dashboards/a', 'dashboards', '/a', 'dashboards/', 'a b/c', 'a/b c'] } },
      [1, 2, 3, 4, 5].map((n) => `/grants/res/${n}`),
    ],
    [{ grants: { flt: [{ jaql: 'x' }, 'x'] } }, ['/grants/flt/0/jaql', '/grants/flt/1']],
    [
      {
        grants: {
          acl: [{ dataSourceTitle: 'a', table: 'b', column: 'c', members: [{}], exclusionary: 'no' }],
        },
      },
      ['/grants/acl/0/members/0', '/grants/acl/0/exclusionary'],
    ],
    [{ grants: { flt: [{ x: 1 }, {}, { jaql: {} }] } }, ['/grants/flt/0/jaql', '/grants/flt/1/jaql']],
    [
      { grants: { res: ['widgets/1', 'Dashboards/1', 'dashboards/1/2', 'dashboards/1'] } },
      ['/grants/res/0', '/grants/res/1', '/grants/res/2'],
    ],
    [{ grants: { prm: ['filter', 'print'] } }, ['/grants/prm/1']],
    [{ grants: { prm: { filter: 'yes' } } }, ['/grants/prm/filter']],
    [{ grants: { prm: 'filter' } }, ['/grants/prm']],
    [{ trc: ['a', '', 'b\n'] }, ['/trc/1', '/trc/2']],
    [{ trc: 'a' }, ['/trc']],
    [{ trc: null }, ['/trc']],
  ])('reports errors at the expected paths for %j', (claims, paths) => {
    expect(pathsOf(claims).sort()).toEqual([...paths].sort());
  });
});

describe('the size of a payload', () => {
  /** Returns grants whose four size-limited claims have exactly `chars` characters. */
  function grantsOf(chars: number) {
    const grants = { prm: ['filter'], res: ['dashboards/a'], flt: [{ jaql: { title: '' } }], acl: [] };
    const rest = Object.values(grants).reduce((sum, claim) => sum + JSON.stringify(claim).length, 0);
    return { ...grants, flt: [{ jaql: { title: 'x'.repeat(chars - rest) } }] };
  }

  it('is limited to 81,200 characters in prm, res, flt and acl, and other members do not count', () => {
    expect(maxGrantsChars).toBe(81_200);
    expect(faultsOf({ grants: grantsOf(81_200) })).toEqual([]);
    expect(
      faultsOf({ grants: { ...grantsOf(81_200), more: 'y'.repeat(1000) }, jti: 'z'.repeat(1000) }),
    ).toEqual([]);
    expect(faultsOf({ grants: grantsOf(81_201) })).toMatchObject([
      { level: 'structure', path: '/grants', severity: 'error' },
    ]);
  });

  it('is counted in UTF-16 code units of the JSON text, including escapes', () => {
    const withTitle = (title: string) => ({ grants: { flt: [{ jaql: { title } }] } });
    const rest = JSON.stringify(withTitle('').grants.flt).length;
    for (const [character, chars] of [
      ['\n', 2],
      ['\u0001', 6],
      ['"', 2],
      ['\u{1f600}', 2],
      ['é', 1],
    ] as const) {
      const fits = Math.floor((81_200 - rest) / chars);
      expect(faultsOf(withTitle(character.repeat(fits)))).toEqual([]);
      expect(pathsOf(withTitle(character.repeat(fits + 1)))).toEqual(['/grants']);
    }
  });

  it('is also limited by its nesting depth', () => {
    const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(faultsOf({ jti: deep(maxPayloadDepth - 1) })).toEqual([]);
    expect(faultsOf({ jti: deep(maxPayloadDepth) })).toMatchObject([{ path: '', level: 'structure' }]);
    expect(faultsOf({ jti: deep(100_000) })).toHaveLength(1);
  });
});

describe('limitFindings', () => {
  const findings = (severity: Finding['severity'], count: number): Finding[] =>
    Array.from({ length: count }, (_, index) => ({
      level: 'logic',
      path: `/${index}`,
      severity,
      message: 'm',
      fix: 'f',
    }));

  it('returns up to 1,000 findings unchanged', () => {
    const all = [...findings('warning', 999), ...findings('error', 1)];
    expect(limitFindings(all)).toEqual(all);
  });

  it('puts errors first if there are more than 1,000 findings, and reports the number of omitted findings', () => {
    const shown = limitFindings([...findings('warning', 2000), ...findings('error', 2)]);
    expect(shown).toHaveLength(1001);
    expect(shown.slice(0, 3).map(({ severity }) => severity)).toEqual(['error', 'error', 'warning']);
    expect(shown.at(-1)).toMatchObject({ severity: 'info', message: expect.stringContaining('1002 more') });
    expect(hasErrors(shown)).toBe(true);
  });
});
