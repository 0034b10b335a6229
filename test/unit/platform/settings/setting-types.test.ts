import { describe, expect, it } from 'vitest';
import type { Config, SettingName } from '../../../../src/app/config.ts';
import { parseConfig } from '../../../../src/app/config.ts';

/** Parses one setting. Returns its value, or 'fault' if it is rejected. */
function settingOf(name: SettingName, text: string): unknown {
  const result = parseConfig({ [name]: text });
  if (!result.ok) {
    expect(result.faults.map(({ path }) => path)).toEqual([name]);
    return 'fault';
  }
  const member = name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return result.config[member as keyof Config];
}

const cases: readonly [SettingName, Readonly<Record<string, unknown>>][] = [
  [
    'PORT',
    {
      ...{ '0': 0, '1': 1, '65535': 65_535, '08080': 8080, '65536': 'fault', '-1': 'fault', '80.5': 'fault' },
      ...{ ' 80': 'fault', '80 ': 'fault', '0x50': 'fault', '8e3': 'fault', '٨٠': 'fault', NaN: 'fault' },
    },
  ],
  ['SINK_MAX_ROWS', { '0': 'fault', '1': 1, '100000': 100_000, '100001': 'fault' }],
  [
    'SESSION_TTL',
    {
      ...{
        '60s': 60_000,
        '59s': 'fault',
        '59.9999s': 60_000,
        '1m': 60_000,
        '90m': 5_400_000,
        '30d': 2_592_000_000,
      },
      ...{
        '31d': 'fault',
        '8': 'fault',
        '8 h': 'fault',
        h: 'fault',
        '8H': 'fault',
        '-8h': 'fault',
        '1e3s': 'fault',
      },
      ...{
        '.5d': 'fault',
        '1.d': 'fault',
        '0.5d': 43_200_000,
        [`${'9'.repeat(400)}d`]: 'fault',
        '8hh': 'fault',
      },
    },
  ],
  ['SINK_LINGER', { '0ms': 0, '60s': 60_000, '60001ms': 'fault', '0.4ms': 0, constructor: 'fault' }],
  ['JOURNAL_KEEP', { '0ms': 0, '0d': 0, '365d': 31_536_000_000, '366d': 'fault' }],
  ['QUERY_TIMEOUT', { '99ms': 'fault', '100ms': 100, '1h': 3_600_000, '61m': 'fault' }],
  [
    'JOURNAL_LIMIT',
    {
      ...{
        '1MiB': 1_048_576,
        '1023KiB': 'fault',
        '1024GiB': 1024 ** 4,
        '1025GiB': 'fault',
        '1.5GiB': 1_610_612_736,
      },
      ...{ '1MB': 'fault', '1mib': 'fault', '1048576': 'fault', '1 MiB': 'fault', MiB: 'fault' },
    },
  ],
  ['OPENED_TOKENS_LIMIT', { '0KiB': 0, '0GiB': 0, '64KiB': 65_536, '0': 'fault' }],
  ['LOG_LEVEL', { trace: 'trace', silent: 'silent', INFO: 'fault', verbose: 'fault', toString: 'fault' }],
  [
    'PUBLIC_URL',
    {
      'https://usage.example': 'https://usage.example',
      'https://usage.example/': 'https://usage.example',
      'http://[::1]:8080': 'http://[::1]:8080',
      'https://usage.example/watmeter//': 'https://usage.example/watmeter',
      ...{
        'usage.example': 'fault',
        'ftp://a.example': 'fault',
        'javascript:alert(1)': 'fault',
        'https://': 'fault',
      },
      ...{ 'https://a.example?': 'fault', 'https://a.example/?q=1': 'fault', 'https://a.example/#': 'fault' },
      ...{ ' https://a.example': 'fault', 'https://a.example\n': 'fault', 'https://a b.example': 'fault' },
      ...{ 'https://user:password@a.example': 'fault', '//a.example': 'fault' },
    },
  ],
  [
    'ALLOWED_ORIGINS',
    {
      'https://a.example': ['https://a.example'],
      'https://a.example, http://localhost:5173 ,http://[::1]:80': 'fault',
      'https://a.example, http://localhost:5173': ['https://a.example', 'http://localhost:5173'],
      ...Object.fromEntries(
        [
          ...['*', 'null', 'a.example', '//a.example', 'ftp://a.example', 'file:///', 'https://'],
          ...['https://a.example/', 'https://a.example/path', 'https://a.example?q', 'https://A.example'],
          ...['https://a.example:443', 'https://u@a.example', 'https://*.a.example', 'https://a.example,'],
          ...[',', 'https://a.example http://b.example', 'https://ä.example', 'HTTPS://a.example'],
        ].map((text) => [text, 'fault']),
      ),
    },
  ],
  ['SESSION_MAX', { '7d': 604_800_000, '1m': 60_000, '59s': 'fault', '366d': 'fault' }],
  [
    'TRUST_PROXY',
    {
      ...{ true: true, false: false, '10.0.0.1': ['10.0.0.1'], '::1': ['::1'], 'fd00::/8': ['fd00::/8'] },
      ...{
        '10.0.0.0/8,::1 , 192.0.2.0/24': ['10.0.0.0/8', '::1', '192.0.2.0/24'],
        '0.0.0.0/0': ['0.0.0.0/0'],
      },
      ...{ '1': 'fault', TRUE: 'fault', yes: 'fault', loopback: 'fault', face: 'fault', '10.0.0': 'fault' },
      ...{
        '10.0.0.256': 'fault',
        '10.0.0.0/33': 'fault',
        '::/129': 'fault',
        '10.0.0.0/': 'fault',
        '::::': 'fault',
      },
      ...{
        '10.0.0.1,': 'fault',
        ',': 'fault',
        '10.0.0.1 10.0.0.2': 'fault',
        '10.0.0.0/8/8': 'fault',
        '/8': 'fault',
      },
    },
  ],
  ['MASTER_KEY', { ['a'.repeat(31)]: 'fault', ['a'.repeat(32)]: 'a'.repeat(32) }],
  [
    'ADMIN_TOKEN',
    {
      ['a'.repeat(31)]: 'fault',
      'correct horse battery staple, and more': 'correct horse battery staple, and more',
    },
  ],
  [
    'CLICKHOUSE_DATABASE',
    {
      meters_1: 'meters_1',
      _m: '_m',
      ...Object.fromEntries(['1m', 'a-b', 'a.b', '`a', '{a}'].map((name) => [name, 'fault'])),
    },
  ],
  [
    'CLICKHOUSE_CLUSTER',
    { 'meters-1.eu': 'meters-1.eu', '{cluster}': '{cluster}', "a'b": 'fault', '{a': 'fault', 'a b': 'fault' },
  ],
  ['METRICS_TOKEN', { ['a'.repeat(15)]: 'fault', ['a'.repeat(16)]: 'a'.repeat(16) }],
];

describe.each(cases)('the parser of %s', (name, values) => {
  it.each(Object.entries(values).map(([text, value]) => ({ text, value })))(
    'returns $value for $text ("fault" means rejected)',
    ({ text, value }) => {
      expect(settingOf(name, text)).toEqual(value);
    },
  );
});
