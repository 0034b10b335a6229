import { describe, expect, it } from 'vitest';
import { parseZone } from '../../../../src/usage/time/zones.ts';

/** Names in the `backward` file of tzdata with irregular letter case, and some names with regular letter case. */
const links = [
  ...[
    'America/Argentina/ComodRivadavia',
    'America/Knox_IN',
    'Antarctica/DumontDUrville',
    'Antarctica/McMurdo',
  ],
  ...['Australia/ACT', 'Australia/LHI', 'Australia/NSW', 'Brazil/DeNoronha', 'Chile/EasterIsland'],
  ...['CET', 'CST6CDT', 'EET', 'EST', 'EST5EDT', 'HST', 'MET', 'MST', 'MST7MDT', 'PST8PDT', 'WET'],
  ...['Etc/GMT', 'Etc/GMT+0', 'Etc/GMT-0', 'Etc/GMT0', 'Etc/GMT+5', 'Etc/GMT-14', 'Etc/UCT', 'Etc/UTC'],
  ...['Etc/Greenwich', 'Etc/Universal', 'Etc/Zulu', 'GMT', 'GMT+0', 'GMT-0', 'GMT0', 'UCT', 'UTC', 'Zulu'],
  ...['GB', 'GB-Eire', 'Mexico/BajaNorte', 'Mexico/BajaSur', 'NZ', 'NZ-CHAT', 'PRC', 'ROC', 'ROK', 'W-SU'],
  ...[
    'US/Eastern',
    'US/East-Indiana',
    'US/Indiana-Starke',
    'Africa/Asmera',
    'America/Fort_Wayne',
    'Hongkong',
  ],
  ...[
    'Asia/Calcutta',
    'Asia/Kolkata',
    'Europe/Kiev',
    'Europe/Kyiv',
    'America/Port-au-Prince',
    'Asia/Ust-Nera',
  ],
  ...['Europe/Isle_of_Man', 'Africa/Dar_es_Salaam', 'America/North_Dakota/New_Salem', 'Africa/Porto-Novo'],
];

describe('accepted zone names', () => {
  it('are returned in canonical case', () => {
    expect(parseZone('utc')).toEqual({ name: 'UTC' });
    expect(parseZone('europe/london')).toEqual({ name: 'Europe/London' });
    expect(parseZone('AMERICA/argentina/BUENOS_aires')).toEqual({ name: 'America/Argentina/Buenos_Aires' });
  });

  it('are kept if the runtime uses another canonical name', () => {
    expect(parseZone('Asia/Kolkata')?.name).toBe('Asia/Kolkata');
    expect(parseZone('Asia/Calcutta')?.name).toBe('Asia/Calcutta');
    expect(parseZone('Etc/UTC')?.name).toBe('Etc/UTC');
    expect(parseZone('asia/kolkata')?.name).toBe('Asia/Kolkata');
  });

  it.each(links)('are returned in canonical case for any given letter case: %s', (name) => {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()]) {
      expect(parseZone(spelling)?.name).toBe(name);
    }
  });

  it('include every name that the runtime lists, in any letter case', () => {
    const names = Intl.supportedValuesOf('timeZone');
    expect(names.length).toBeGreaterThan(400);
    for (const name of names) {
      expect(parseZone(name)?.name).toBe(name);
      expect(parseZone(name.toUpperCase())?.name).toBe(name);
    }
  });

  it('are accepted by the runtime, and parsing the returned name gives the same zone object', () => {
    for (const name of links) {
      const zone = parseZone(name.toLowerCase());
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone?.name ?? '' })).not.toThrow();
      expect(parseZone(zone?.name ?? '')).toBe(zone);
    }
  });

  it('share one frozen object for all spellings, so that other spellings do not use memory', () => {
    const zone = parseZone('Asia/Kolkata');
    expect(Object.isFrozen(zone)).toBe(true);
    for (let bits = 0; bits < 1024; bits += 1) {
      const spelling = [...'asia/kolkata'].map((c, i) => ((bits >> i) & 1 ? c.toUpperCase() : c)).join('');
      expect(parseZone(spelling)).toBe(zone);
    }
  });
});

describe('rejected zone names', () => {
  const refused = {
    unknown: [
      'Mars/Olympus',
      'Europe',
      'Europe/',
      '/Europe',
      'Europe//London',
      'Etc/Unknown',
      'Factory',
      'Z',
    ],
    'names of the server zone': ['local', 'LOCAL', 'system', 'default', 'localtime', 'posixrules'],
    'fixed offsets': ['+02:00', '-0530', '+2', 'UTC+2', 'utc-2', 'UTC+0', 'UTC+02:00', 'GMT+2', 'Etc/GMT-15'],
    'abbreviations that only ICU has': ['BST', 'ist', 'PST', 'CST', 'AST', 'JST', 'SST'],
    'rules that only ICU has': ['SystemV/PST8', 'systemv/ast4adt'],
    'other shapes': [
      '',
      ' ',
      ' UTC',
      'UTC ',
      'UTC\n',
      'UTC\0',
      'Europe/London;',
      'Europe/Lond\u043en',
      '\u212aST',
    ],
    paths: ['../UTC', 'posix/UTC', 'right/UTC', './UTC', 'Europe/../UTC', '/usr/share/zoneinfo/UTC'],
    'names of Object.prototype members': ['__proto__', 'constructor', 'toString'],
  };

  for (const [kind, names] of Object.entries(refused)) {
    it.each(names.map((name) => [JSON.stringify(name), name]))(`include ${kind}: %s`, (_, name) => {
      expect(parseZone(name)).toBeUndefined();
    });
  }

  it('include names of 64 characters and more', () => {
    expect(parseZone(`A${'/A'.repeat(500_000)}`)).toBeUndefined();
    expect(parseZone('A'.repeat(65))).toBeUndefined();
    expect(parseZone('A'.repeat(64))).toBeUndefined();
  });
});
