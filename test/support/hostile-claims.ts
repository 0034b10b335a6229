/**
 * Malicious payloads as JSON text, because object literals cannot express some of them. None of these payloads may
 * cause a crash, an exception, a hang or a 5xx response.
 */
export const hostilePayloads: Readonly<Record<string, string>> = {
  'own __proto__': '{"sub":"alice","__proto__":{"exp":1,"polluted":true}}',
  'constructor.prototype': '{"sub":"alice","constructor":{"prototype":{"polluted":true}}}',
  'names of Object.prototype members':
    '{"sub":"alice","toString":1,"hasOwnProperty":null,"valueOf":[],"toJSON":"x","then":"y","length":5}',
  'toJSON in grants': '{"sub":"alice","grants":{"toJSON":1,"prm":{"toJSON":"x"}}}',
  'proto names in grants':
    '{"sub":"alice","grants":{"__proto__":{"res":[]},"constructor":{},"acl":[{"__proto__":1}]}}',
  'proto name as sub': '{"sub":"__proto__","trc":["__proto__","constructor"]}',
  'proto name as locale': '{"sub":"alice","lng":"constructor","loc":"__proto__","thm":"toString"}',
  'proto name as data source':
    '{"sub":"alice","grants":{"acl":[{"dataSourceTitle":"__proto__","table":"t","column":"c"}],"flt":[{"datasource":"constructor"}]}}',
  'lone surrogate as sub': '{"sub":"\\ud800"}',
  'lone surrogate in every claim':
    '{"sub":"a\\udc00","iss":"\\ud800","thm":"\\udfff","trc":["\\ud83d"],"lng":"\\ud800","grants":{"res":["dashboards/\\ud800"],"acl":[{"dataSourceTitle":"\\ud800","table":"\\ud800","column":"\\ud800","members":["\\ud800"]}],"flt":[{"\\ud800":1}]}}',
  'lone surrogate as a name': '{"sub":"alice","\\ud800":1,"grants":{"\\udc00":1}}',
  'NUL and controls':
    '{"sub":"a\\u0000b","iss":"\\u0000","trc":["\\u0000"],"grants":{"res":["dashboards/\\u0000"]}}',
  'huge numbers': '{"sub":"alice","exp":1e308,"nbf":-1e308,"iat":9007199254740993}',
  'numbers beyond doubles': '{"sub":"alice","exp":1e400,"nbf":-1e400,"iat":1e999999}',
  'tiny numbers': '{"sub":"alice","exp":5e-324,"nbf":-5e-324,"iat":-0}',
  'times that cannot become numbers':
    '{"sub":"alice","exp":{"toString":0},"nbf":[{"toString":0}],"iat":{"valueOf":0,"toString":null}}',
  'number as sub': '{"sub":99999999999999999999999999}',
  '1,000 deep in grants': `{"sub":"alice","grants":{"flt":[{"jaql":${deep(1000)}}]}}`,
  '1,000 deep in an unknown claim': `{"sub":"alice","jti":${deep(1000)}}`,
  '50,000 deep': `{"sub":"alice","thm":${deep(50_000)}}`,
  'deep objects': `{"sub":"alice","grants":{"prm":${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}}}`,
  'many keys': `{"sub":"alice",${Array.from({ length: 5000 }, (_, index) => `"k${index}":0`).join(',')}}`,
  'many resources': JSON.stringify({
    sub: 'alice',
    grants: { res: Array.from({ length: 5000 }, (_, index) => `dashboards/${index}`) },
  }),
  'many faults': JSON.stringify({
    sub: 'alice',
    grants: { res: Array(10_000).fill(1), acl: Array(5000).fill({}) },
  }),
  'many tags': JSON.stringify({ sub: 'alice', trc: Array(10_000).fill('a') }),
  'a tag of combining marks': JSON.stringify({ sub: 'alice', trc: [`a${'\u0301'.repeat(100_000)}`] }),
  'blanks for a pattern': JSON.stringify({ sub: 'alice', grants: { res: [`a/${' '.repeat(100_000)}`] } }),
  'letters for a pattern': JSON.stringify({ sub: 'alice', grants: { res: ['a-'.repeat(50_000)] } }),
  'every claim of the wrong type': JSON.stringify(
    Object.fromEntries(
      [
        'sub',
        'exp',
        'nbf',
        'iat',
        'iss',
        'grants',
        'lng',
        'loc',
        'thm',
        'trc',
        'res',
        'flt',
        'acl',
        'prm',
      ].map((name) => [name, { length: 3, 0: 'a' }]),
    ),
  ),
  'empty names': '{"":"","sub":"alice","grants":{"":{"":[]}}}',
  'texts with a meaning in SQL, spreadsheets and templates': `{"sub":"'; DROP TABLE directory_subjects; --","iss":"=cmd()","thm":"%00%s{{7*7}}"}`,
};

/** Payloads that are not objects. */
export const nonObjects = ['null', '[]', '[{"sub":"alice"}]', '"alice"', '42', 'true', deep(1000)];

function deep(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}
