import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createActiveToken } from '../../integration/http/support/access-api.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { call } from '../../support/api.ts';
import { adminToken, startAppProcess } from '../../support/app-process.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

it('a process that shuts down writes the pending entries of the API token log', async () => {
  const directory = createTemporaryDirectory('api-tokens-stop');
  onTestFinished(directory.remove);
  const app = await startAppProcess({ dataDir: directory.path });
  onTestFinished(async () => void (await app.stop()));
  const body = { name: 'Stopped', scopes: ['usage:read'], expiresIn: '1d' };
  const { id } = (await call(app.url, 'POST', '/api/v1/api-tokens', { body })).body;
  const { token } = (await call(app.url, 'POST', `/api/v1/api-tokens/${id}/generate`)).body;
  const headers = { authorization: `Bearer ${token}` };
  const answers = Array.from({ length: 30 }, () =>
    call(app.url, 'GET', '/api/v1/usage/summary', { headers }),
  );
  expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true);
  expect((await app.stop()).code).toBe(0);

  const restarted = await startAppProcess({ dataDir: directory.path });
  onTestFinished(async () => void (await restarted.stop()));
  const log = await call(restarted.url, 'GET', `/api/v1/api-tokens/${id}/log`);
  expect((log.body['items'] as { activity: string }[]).map(({ activity }) => activity)).toEqual([
    ...Array(30).fill('AUTHENTICATE'),
    ...['GENERATE', 'CREATE'],
  ]);
});

describe('docs/reference/api-tokens.md', () => {
  const instance = useInstance();
  const directory = createTemporaryDirectory('api-tokens');
  afterAll(directory.remove);
  const page = readFileSync(new URL('../../../docs/reference/api-tokens.md', import.meta.url), 'utf8');

  it('has working examples for curl', async () => {
    const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, command = '']) => command);
    expect(commands).toHaveLength(2);
    const env = {
      PATH: process.env['PATH'],
      WATMETER_URL: instance().url,
      WATMETER_TOKEN: adminToken,
    };
    const { stdout } = await promisify(execFile)('sh', ['-ec', `${commands.join('\necho\n')}`], {
      env,
      cwd: directory.path,
    });
    expect(statSync(join(directory.path, 'watmeter.header')).mode & 0o777).toBe(0o600);
    const [created, usage] = stdout.trim().split('\n');
    expect(JSON.parse(created ?? '')).toMatchObject({ name: 'Power BI of Finance', status: 'not_generated' });
    expect(JSON.parse(usage ?? '')).toMatchObject({ timeZone: 'Europe/Berlin', total: 0 });
  });

  it('documents a secret scanner pattern that matches tokens', async () => {
    const [, pattern = ''] = /```\n(wmt_\[.*)\n```/.exec(page) ?? [];
    const { token } = await createActiveToken(instance());
    expect(new RegExp(`^${pattern}$`).test(token)).toBe(true);
    expect(page).toContain(`\\b${pattern}'''`);
  });

  it.each([
    [
      'Power Query',
      {
        accept: '*/*',
        'user-agent': 'Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)',
      },
    ],
    ['Postman', { accept: '*/*', 'user-agent': 'PostmanRuntime/7.43.0', 'cache-control': 'no-cache' }],
    ['a browser of any kind', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }],
  ])('lists clients that get JSON by default: %s', async (_name, headers) => {
    const token = await createActiveToken(instance(), { scopes: ['usage:read'] });
    const answer = await instance().get('/api/v1/usage/configurations?timeZone=Europe/Berlin&limit=500', {
      ...headers,
      ...token.headers,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.body['items']).toEqual([]);
  });
});
