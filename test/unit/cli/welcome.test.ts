import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/app/config.ts';
import { type AdminTokenPlace, welcomeLines } from '../../../src/cli/output/welcome.ts';

function welcome(admin: AdminTokenPlace, env: Record<string, string> = {}, port = 8080): string {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return welcomeLines(`http://127.0.0.1:${port}`, parsed.config, admin).join('\n');
}

describe('welcomeLines', () => {
  it.each([
    ['file', 'Admin token  in ./data/admin-token'],
    ['setting', 'Admin token  the setting ADMIN_TOKEN'],
    ['unknown', 'If it is lost: npx watmeter admin-token renew'],
    ['none', 'Create one: npx watmeter admin-token renew'],
  ] as const)('reports where the administrator token is: %s', (place, text) => {
    expect(welcome(place)).toContain(text);
  });

  it('prints an example that keeps secrets in files that only the owner can read', () => {
    const ADMIN_TOKEN = 'an-admin-token-of-at-least-32-characters';
    const text = welcome('setting', { ADMIN_TOKEN });
    expect(text).not.toContain(ADMIN_TOKEN);
    expect(text).toMatch(/ {4}umask 077\n {4}npx watmeter token configurations create First /);
    expect(text).not.toMatch(/authorization|\$\(cat|npm run -s/i);
    for (const [, file = ''] of text.matchAll(/ > (\S+)/g)) expect(file).toMatch(/^\.\/data\//);
  });

  it('adds the URL and the token file to its example if PORT or DATA_DIR is not the default', () => {
    expect(welcome('file')).not.toMatch(/--url http\S+ --json|--api-token-file/);
    const moved = welcome('file', { DATA_DIR: '/var/watmeter', PORT: '9000' }, 9000);
    const options = ' --url http://127.0.0.1:9000 --api-token-file /var/watmeter/admin-token';
    expect(moved).toContain(`create First --key-file -${options} --json > /var/watmeter/first.json`);
    expect(moved).toContain(`--time-zone Europe/Berlin${options}\n`);
    expect(moved).toContain('traffic:  DATA_DIR=/var/watmeter npm run demo -- --url http://127.0.0.1:9000\n');
    expect(welcome('file')).toContain('traffic:  npm run demo -- --url http://127.0.0.1:8080\n');
    expect(welcome('setting', { DATA_DIR: '/var/watmeter' })).not.toMatch(/--api-token-file|DATA_DIR=/);
    expect(welcome('none', { DATA_DIR: '/w' })).toContain(
      'npx watmeter admin-token renew > /w/admin-token\n',
    );
  });
});
