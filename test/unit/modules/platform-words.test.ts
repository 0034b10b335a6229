import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const platform = fileURLToPath(new URL('../../../src/platform', import.meta.url));

/** Matches domain terms. `platform` serves all domains, so its code and comments must not use these terms. */
const domainWord =
  /sessions?\b|configurations?(Id)?\b|organisation|journal|usage|dead.?letter|gateway|exchange|dashboard|revocation|viewer|relay|\bsinks?\b|api.?token|web.?access.?token|\bwats?\b/i;

/** Texts that contain a domain term but are allowed. */
const allowed: readonly RegExp[] = [
  /docs\/reference\/configuration\.md/,
  // A chdb class, and the name of its instance in this code.
  /const \{ Session \}|const session = new Session\(path\)|\bsession\.(queryAsync|queryStream|close)\b/,
  // A SQLite pragma and a ClickHouse setting.
  /\bjournal_mode\b|\bmax_memory_usage\b/,
  // Loggers must not write this member, in any domain.
  /'\*\.webAccessToken'/,
];

function linesWithDomainWords(text: string): string[] {
  const strip = (line: string) => allowed.reduce((rest, pattern) => rest.replace(pattern, ''), line);
  return text.split('\n').filter((line) => domainWord.test(strip(line)));
}

it('src/platform contains no domain terms', () => {
  const files = readdirSync(platform, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(50);
  const lines = files.flatMap((name) =>
    linesWithDomainWords(readFileSync(join(platform, name), 'utf8')).map((line) => `${name}: ${line.trim()}`),
  );
  expect(lines).toEqual([]);
});

it('linesWithDomainWords finds domain terms in code and in comments', () => {
  const text = ['const journalPath = 1;', '/** Ends a session. */', 'const tokenizer = 2;'].join('\n');
  expect(linesWithDomainWords(text)).toEqual(text.split('\n').slice(0, 2));
});
