import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createActiveToken } from '../../integration/http/support/access-api.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { exchange, mint } from '../../support/api.ts';
import {
  createReaderDirectory,
  readableByOthers,
  readCommands,
  runCommands,
} from '../../support/documented-commands.ts';

/** Runs the commands in the how-to guides like a reader would. */
describe('the commands of docs/how-to', () => {
  const instance = useInstance();
  const commandsOf = (page: string) =>
    readCommands(`docs/how-to/${page}.md`, 'test/services/docs/how-to.test.ts');
  const readPage = (page: string) =>
    readFileSync(new URL(`../../../docs/how-to/${page}.md`, import.meta.url), 'utf8');
  const codeOf = async (token: string) => (await exchange(instance().url, token)).body['code'];
  const generatePath = '/api/v1/web-access-tokens/generate';

  it('in rotate-a-key.md leave both keys valid, and `show` prints when the old key expires', async () => {
    const blocks = commandsOf('rotate-a-key');
    expect(blocks).toHaveLength(3);
    const folder = createReaderDirectory();
    const configuration = await instance().configuration('Portal');
    const env = { CONFIGURATION: configuration.id };
    const { stdout } = await runCommands(blocks, { folder, url: instance().url, env });
    expect(stdout).toMatch(/\nold key {2}created \d{4}-.*Z, accepted until \d{4}-.*Z\n/);
    expect(stdout).toMatch(/\nvalid\n/);
    expect(stdout).toMatch(/\{"items":\[/);
    const publicKey = readFileSync(join(folder, 'portal-2.pub'), 'utf8');
    for (const key of [configuration, { id: configuration.id, publicKey }])
      expect(await codeOf(await mint(key, { sub: 'alice' }))).toBeUndefined();
    expect(readableByOthers(folder)).toEqual([]);
  });

  it('in after-a-leak.md make the link, the key and the API token invalid, and the new key is valid', async () => {
    const blocks = commandsOf('after-a-leak');
    expect(blocks).toHaveLength(6);
    const folder = createReaderDirectory();
    const configuration = await instance().configuration('Leaked');
    const link = await mint(configuration, { sub: 'alice' });
    writeFileSync(join(folder, 'wat.txt'), `${link}\n`, { mode: 0o600 });
    const apiToken = await createActiveToken(instance(), { scopes: ['tokens:write'] });
    const env = { CONFIGURATION: configuration.id, API_TOKEN_ID: apiToken.id };
    const { stdout } = await runCommands(blocks, { folder, url: instance().url, env });
    expect(stdout).toContain('"action":"configuration.rotate"');
    expect(await codeOf(link)).toBe('token_invalid');
    expect((await instance().get('/api/v1/usage/summary', apiToken.headers)).status).toBe(401);
    const publicKey = readFileSync(join(folder, 'portal-new.pub'), 'utf8');
    const generate = (payload: object) =>
      instance().call('POST', generatePath, {
        body: { configurationId: configuration.id, publicKey, payload },
      });
    expect((await generate({ sub: 'alice' })).status).toBe(422);
    const renewed = await generate({ sub: 'alice', iat: Date.now() / 1000 });
    expect(await codeOf(String(renewed.body['token']))).toBeUndefined();
    expect(readableByOthers(folder)).toEqual([]);
  });

  it('in analyst-access.md create an API token that can only read usage, and finally make it invalid', async () => {
    const blocks = commandsOf('analyst-access');
    expect(blocks).toHaveLength(4);
    const folder = createReaderDirectory();
    const { stdout } = await runCommands(blocks, { folder, url: instance().url });
    expect(stdout).toContain('"timeZone":"Europe/Berlin"');
    expect(stdout).toMatch(/"nextCursor":null\}\s*403\n/);
    const authorization = `Bearer ${readFileSync(join(folder, 'analyst.token'), 'utf8').trim()}`;
    expect((await instance().get('/api/v1/usage/summary', { authorization })).status).toBe(401);
    expect(readableByOthers(folder)).toEqual([]);
  });

  it('in broken-link.md print the error of a token, list the refusal with its reason, and create a valid new token', async () => {
    const blocks = commandsOf('broken-link');
    expect(blocks).toHaveLength(4);
    const [testToken = '', practise = '', listRefusals = '', createNew = ''] = blocks;
    const folder = createReaderDirectory();
    const configuration = await instance().configuration('Broken');
    const token = await mint(configuration, { sub: 'alice', exp: 1_700_000_000 });
    expect(await codeOf(token)).toBe('token_expired');
    writeFileSync(join(folder, 'wat.txt'), `${token}\n`, { mode: 0o600 });
    const env = { CONFIGURATION: configuration.id };
    const run = (block: string) => runCommands([block], { folder, url: instance().url, env });
    for (const block of [testToken, practise])
      await expect(run(block)).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^not valid\nerror: logic: \/exp /),
      });
    const { stdout } = await run(listRefusals);
    expect(JSON.parse(stdout).items).toContainEqual(
      expect.objectContaining({ configurationId: configuration.id, reason: 'expired', refusals: 1 }),
    );

    const body = { configurationId: configuration.id, sub: 'alice' };
    expect((await instance().call('POST', '/api/v1/auth/token/revoke', { body })).status).toBe(200);
    expect(await codeOf(await mint(configuration, { sub: 'alice' }))).toBe('token_revoked');
    writeFileSync(join(folder, 'portal.pub'), configuration.publicKey, { mode: 0o600 });
    await run(createNew);
    expect(await codeOf(readFileSync(join(folder, 'new.token'), 'utf8').trim())).toBeUndefined();
    expect(readableByOthers(folder)).toEqual([]);
  });

  it('in first-deployment.md create valid settings that only their owner can read', async () => {
    const blocks = commandsOf('first-deployment');
    expect(blocks).toHaveLength(1);
    const folder = createReaderDirectory();
    const { stdout } = await runCommands(blocks, { folder, url: instance().url });
    expect(stdout).toBe('The configuration is valid.\n');
    expect(readFileSync(join(folder, 'watmeter.env'), 'utf8')).toMatch(/^MASTER_KEY=\S{44}$/m);
    expect(readableByOthers(folder)).toEqual([]);
  });

  it('in excel-and-power-bi.md download a workbook, and the query on the page reads a list of more than 500 items completely', async () => {
    const configuration = await instance().configuration('Spreadsheet');
    const tags = Array.from({ length: 576 }, (_, index) => `sheet-${String(index).padStart(3, '0')}`);
    for (let first = 0; first < tags.length; first += 64)
      await instance().session(configuration, { sub: 'alice', trc: tags.slice(first, first + 64) });
    await instance().settled();

    const [, query = ''] = /```powerquery\n(.*?)```/s.exec(readPage('excel-and-power-bi')) ?? [];
    const [, path = ''] = /RelativePath = "([^"]+)"/.exec(query) ?? [];
    const [, filters = ''] = /Filters = \[([^\]]+)\]/.exec(query) ?? [];
    const parameters = Object.fromEntries(
      [...filters.matchAll(/(\w+) = "([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(query).toContain('Filters & (if cursor = null then [] else [cursor = cursor])');
    expect(query).toContain('if [nextCursor] = null then null else Page([nextCursor])');

    const { headers, token } = await createActiveToken(instance(), { scopes: ['usage:read'] });
    const rows: Record<string, unknown>[] = [];
    for (let cursor: unknown = null, pages = 0; pages === 0 || cursor !== null; pages += 1) {
      expect(pages).toBeLessThan(10);
      const search = new URLSearchParams({
        ...parameters,
        ...(cursor !== null && { cursor: String(cursor) }),
      });
      const { status, body } = await instance().get(`/${path}?${search}`, headers);
      expect(status).toBe(200);
      rows.push(...(body['items'] as Record<string, unknown>[]));
      cursor = body['nextCursor'];
    }
    expect(rows.length).toBeGreaterThan(500);
    expect(rows.map(({ tag }) => tag)).toEqual(expect.arrayContaining(tags));
    const [, columns = ''] = /Table\.FromRecords\(Items, \{([^}]+)\}/.exec(query) ?? [];
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(columns.match(/\w+/g) ?? []));

    const folder = createReaderDirectory();
    writeFileSync(join(folder, 'analyst.token'), `${token}\n`, { mode: 0o600 });
    const blocks = commandsOf('excel-and-power-bi');
    expect(blocks).toHaveLength(1);
    await runCommands(blocks, { folder, url: instance().url });
    // A workbook is a ZIP archive, so it starts with these bytes.
    expect(readFileSync(join(folder, 'usage.xlsx')).toString('latin1', 0, 2)).toBe('PK');
  });
});
