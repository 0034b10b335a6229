import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/run.ts';
import { createActiveToken, createToken } from '../../integration/http/support/access-api.ts';
import { useInstance } from '../../integration/http/support/instance.ts';
import { exchange } from '../../support/api.ts';
import { adminToken, freePort } from '../../support/app-process.ts';
import { type CommandEnd, runCommand } from '../../support/command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const instance = useInstance();

interface Run {
  readonly stdin?: string;
  readonly env?: Record<string, string>;
  readonly ask?: (question: string) => Promise<string>;
}

/** Creates a working directory. `run` runs commands in this process, which is faster than starting processes. */
function setUp() {
  const folder = temporaryDirectory('token-commands');
  const settings = { DATA_DIR: folder, ADMIN_TOKEN: adminToken, PORT: new URL(instance().url).port };
  const file = (name: string, text = '') => {
    const path = join(folder, name);
    if (text !== '') writeFileSync(path, text);
    return path;
  };
  const run = async (command: string, args: readonly string[], { stdin = '', env = {}, ask }: Run = {}) => {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await runCommandLine([...command.split(' '), ...args], {
      env: { ...settings, ...env },
      print: (line) => out.push(line),
      printError: (line) => err.push(line),
      showProgress: (step) => err.push(step),
      readStdin: async () => stdin,
      ...(ask && { ask }),
    });
    return { code, out, err: err.join('\n') };
  };
  const create = async (name: string) => {
    const keyFile = file(`${name}.pub`);
    const { out, code, err } = await run('token configurations create', [
      name,
      '--key-file',
      keyFile,
      '--json',
    ]);
    if (code !== 0) throw new Error(err);
    return { id: String(JSON.parse(out[0] ?? '').id), keyFile, publicKey: readFileSync(keyFile, 'utf8') };
  };
  return { folder, file, run, create };
}

describe('the `watmeter token` process', () => {
  it('creates a configuration, and generates and tests tokens, with secrets in files and pipes only', async () => {
    const folder = temporaryDirectory('token-process');
    const apiTokenFile = join(folder, 'api-token');
    writeFileSync(
      apiTokenFile,
      `${(await createActiveToken(instance(), { scopes: ['tokens:read', 'tokens:write'] })).token}\n`,
    );
    const run = (args: string[], stdin = ''): Promise<CommandEnd> =>
      runCommand(
        folder,
        ['token', ...args, '--url', instance().url, '--api-token-file', apiTokenFile],
        {},
        { stdin, cwd: folder },
      );
    const created = await run(['configurations', 'create', 'Portal / Zoë']);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    const [, id = ''] = /^created ([0-9a-f]{24}) "Portal \/ Zoë"\n/.exec(created.stdout) ?? [];
    const keyFile = join(folder, 'Portal _ Zoë.pub');
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(created.stdout).not.toContain('BEGIN');

    const options = ['--configuration', id, '--public-key', keyFile, '--payload', '-'];
    const generated = await run(['generate', ...options], '{"sub":"alice"}');
    expect(generated).toMatchObject({ code: 0, stderr: '' });
    expect((await exchange(instance().url, generated.stdout.trim())).status).toBe(200);

    const [tested, misused] = await Promise.all([
      run(['test', '--json'], generated.stdout),
      run(['test', generated.stdout.trim()]),
    ]);
    expect([tested.code, JSON.parse(tested.stdout)]).toMatchObject([0, { valid: true, header: { kid: id } }]);
    expect([misused.code, misused.stdout]).toEqual([2, '']);
    expect(misused.stderr).toMatch(/other users of this machine can see arguments/);
    expect(misused.stderr).not.toContain(generated.stdout.slice(0, 20));
  }, 60_000);

  it('calls the configured instance with the administrator token in the data directory', async () => {
    const folder = temporaryDirectory('token-settings');
    writeFileSync(join(folder, 'admin-token'), `${adminToken}\n`);
    const env = { PORT: new URL(instance().url).port, HOST: '0.0.0.0' };
    const [listed, remote] = await Promise.all([
      runCommand(folder, ['token', 'configurations', 'list', '--json', '--limit', '1'], env),
      runCommand(folder, ['token', 'configurations', 'list', '--url', 'https://watmeter.example'], env),
    ]);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    // The administrator token belongs to the local instance, so the command does not send it to another instance.
    expect(remote).toMatchObject({ code: 1, stdout: '' });
    expect(remote.stderr).toMatch(/an API token is required\nName a file .*--api-token-file/);
  }, 60_000);
});

describe('token configurations', () => {
  it('are created, shown, renamed, disabled, enabled and deleted', async () => {
    const { run, create } = setUp();
    const { id } = await create('Portal');
    const shown = await run('token configurations show', [id]);
    expect(shown.out).toEqual([
      `id        ${id}`,
      'name      Portal',
      'state     enabled',
      expect.stringMatching(/^created {3}\d{4}-.*Z$/),
      'old keys  none',
    ]);
    expect((await run('token configurations disable', [id])).out).toEqual([`disabled ${id} "Portal"`]);
    expect((await run('token configurations show', [id])).out[2]).toBe('state     disabled');
    expect((await run('token configurations enable', [id])).out).toEqual([`enabled ${id} "Portal"`]);
    const renamed = await run('token configurations rename', [id, 'New', '--json']);
    expect(JSON.parse(renamed.out[0] ?? '')).toMatchObject({ id, name: 'New', enabled: true });

    const unasked = await run('token configurations delete', [id]);
    expect(unasked).toMatchObject({ code: 2, out: [], err: expect.stringContaining('--yes') });
    const declined = await run('token configurations delete', [id], { ask: async () => 'y' });
    expect(declined).toMatchObject({ code: 1, err: expect.stringContaining('nothing was deleted') });
    const ask = vi.fn(async () => 'yes');
    const deleted = await run('token configurations delete', [id], { ask });
    expect(deleted).toMatchObject({ code: 0, out: [`deleted ${id} "New"`] });
    expect(ask).toHaveBeenCalledWith(`Delete ${id} "New" permanently? Type yes: `);
    for (const [command, args] of [
      ['token configurations show', [id]],
      ['token configurations delete', [id, '--yes']],
      ['token configurations usage', ['../audit']],
    ] as const)
      expect(await run(command, args)).toMatchObject({
        code: 1,
        out: [],
        err: expect.stringMatching(/No such token configuration\n.*watmeter token configurations list$/),
      });
  });

  it('are all listed, in aligned columns for names of any display width', async () => {
    const { run } = setUp();
    for (const name of ['日本語', 'e\u0301te\u0301', 'reversed', '\u{1f600}'])
      await instance().configuration(name);
    // Version 0.1.0 stored names with direction controls.
    await instance()
      .control.store.updateTable('token_configurations')
      .set({ name: 'a\u202eb' })
      .where('name', '=', 'reversed')
      .execute();
    const { out } = await run('token configurations list', []);
    expect(out[0]).toMatch(/^ID +NAME +STATE +CREATED$/);
    const column = out[0]?.indexOf('STATE') ?? 0;
    const padding = (shown: string, width: number) => `${shown}${' '.repeat(column - 26 - width)}enabled  `;
    const names = out.slice(1, 5).map((line) => line.slice(26));
    expect(names[0]).toContain(padding('\u{1f600}', 2));
    expect(names[1]).toContain(padding('a\\u{202e}b', 10));
    expect(names[2]).toContain(padding('e\u0301te\u0301', 3));
    expect(names[3]).toContain(padding('日本語', 6));
    const limited = await run('token configurations list', ['--limit', '2', '--json']);
    expect(limited.out.map((line) => JSON.parse(line).name)).toEqual(['\u{1f600}', 'a\u202eb']);
  });

  it('are printed with their usage in the requested time zone', async () => {
    const { run, create } = setUp();
    const used = await create('Used');
    const beforeUse = await run('token configurations usage', [used.id]);
    expect(beforeUse.out).toContain('last used      never');
    await instance().session(used);
    await instance().settled();
    const { out } = await run('token configurations usage', [used.id, '--time-zone', 'Asia/Kolkata']);
    expect(out.slice(0, 2)).toEqual([`configuration  ${used.id} "Used"`, 'time zone      Asia/Kolkata']);
    expect(out[2]).toMatch(/^last used {6}\d{4}-.*\+05:30$/);
    expect(out[3]).toMatch(/^today {10}1 \(since \d{4}-\d\d-\d\dT00:00:00\.000\+05:30\)$/);
    expect(out[4]).toBe('total          1');
    expect(out[5]).toMatch(/^complete {7}all sessions before \d{4}-.*Z$/);
    const unknown = await run('token configurations usage', [used.id, '--time-zone', 'Mars/Olympus']);
    expect(unknown).toMatchObject({
      code: 1,
      err: expect.stringMatching(/time zone\n\/timeZone must be an IANA/),
    });
  });
});

describe('keys of a token configuration', () => {
  it('are rotated, and are written to files that are never overwritten', async () => {
    const { run, create, file } = setUp();
    const old = await create('Rotated');
    const args = [old.id, '--accept-old-until'];
    const refused = await run('token configurations rotate', [...args, 'now', '--key-file', old.keyFile]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/already exists\n.*--key-file/) });
    expect(readFileSync(old.keyFile, 'utf8')).toBe(old.publicKey);

    const fresh = file('fresh.pub');
    const rotated = await run('token configurations rotate', [...args, '12h', '--key-file', fresh]);
    expect(rotated).toMatchObject({ code: 0, err: '' });
    const [, until = ''] =
      /older keys are accepted until (\S+) at the latest$/.exec(rotated.out[0] ?? '') ?? [];
    expect(Math.abs(Date.parse(until) - Date.now() - 43_200_000)).toBeLessThan(60_000);
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
    await instance().session(old);
    await instance().session({ id: old.id, publicKey: readFileSync(fresh, 'utf8') });
    const shown = await run('token configurations show', [old.id]);
    expect(shown.out.slice(4)).toEqual([
      expect.stringMatching(new RegExp(`^old key {2}created \\d{4}-.*Z, accepted until ${until}$`)),
    ]);
    const shownJson = await run('token configurations show', [old.id, '--json']);
    expect(JSON.parse(shownJson.out[0] ?? '')).toMatchObject({
      id: old.id,
      acceptedKeys: [{ acceptedUntil: null }, { acceptedUntil: until }],
    });

    const printed = await run('token configurations rotate', [...args, 'now', '--key-file', '-']);
    expect(printed.err).toMatch(/^rotated .*: no older key is accepted$/);
    await instance().session({ id: old.id, publicKey: printed.out.join('\n') });
    await expect(instance().session(old)).rejects.toThrow('token_invalid');
    const json = await run('token configurations rotate', [
      ...args,
      '2027-01-01T00:00:00+01:00',
      ...['--key-file', '-', '--json'],
    ]);
    expect(JSON.parse(json.out[0] ?? '')).toMatchObject({ id: old.id, publicKey: expect.any(String) });
  });

  it('are not written to a file if the command fails', async () => {
    const { run, file } = setUp();
    const path = file('none.pub');
    const refused = await run('token configurations create', [' ', '--key-file', path]);
    expect(refused).toMatchObject({
      code: 1,
      out: [],
      err: expect.stringMatching(/not valid\n\/name must have 1 to 200 characters, not only spaces/),
    });
    expect(existsSync(path)).toBe(false);
    const nowhere = await run('token configurations create', ['A', '--key-file', file('no/such/folder.pub')]);
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
    for (const when of ['tomorrow', '2026-12-01', '', '-1h']) {
      const wrong = await run('token configurations rotate', ['f'.repeat(24), `--accept-old-until=${when}`]);
      expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('12h or 30d, or now') });
    }
  });
});

describe('generating and testing tokens', () => {
  it('reports every error without repeating values, and does not print a token', async () => {
    const { run, create, file } = setUp();
    const { id, keyFile } = await create('Faults');
    const payload = file('payload.json', '{"lng":"marker-7f3a","exp":1,"grants":{"acl":[]}}');
    const args = ['--configuration', id, '--public-key', keyFile, '--payload', payload];
    const { code, out, err } = await run('token generate', args);
    expect([code, out]).toEqual([1, []]);
    expect(err.split('\n')).toHaveLength(5);
    expect(err).toMatch(/\nerror: structure: \/sub is missing/);
    expect(err).toMatch(/\nwarning: logic: \/grants\/acl is empty/);
    expect(err).not.toContain('marker-7f3a');

    const other = await create('Other');
    const good = ['--payload', file('good.json', '{"sub":"a","res":[]}')];
    const invalid = await run('token test', [], { stdin: 'nonsense' });
    expect([invalid.code, invalid.out[0]]).toEqual([1, 'not valid']);
    const wrongKey = await run('token generate', [...args.with(3, other.keyFile), ...good]);
    expect(wrongKey).toMatchObject({
      code: 1,
      out: [],
      err: expect.stringMatching(/Invalid public key[\s\S]*rotate/),
    });
    const generated = await run('token generate', [...args, ...good, '--json']);
    expect(generated.err).toMatch(/^warning: logic: \/res is ignored/);
    expect(JSON.parse(generated.out[0] ?? '')).toMatchObject({
      token: expect.any(String),
      findings: [{ path: '/res' }],
    });
    const twoFromStdin = await run('token generate', [...args.with(3, '-').with(5, '-')]);
    expect(twoFromStdin).toMatchObject({ code: 2, err: expect.stringContaining('only one of the files') });
    for (const text of ['[]', 'marker-7f3a', '"marker-7f3a"']) {
      const bad = await run('token generate', args.with(5, file('bad.json', text)));
      expect(bad).toMatchObject({
        code: 1,
        err: expect.stringMatching(/bad\.json is not (a JSON object|JSON: see line 1, column 1)$/),
      });
      expect(bad.err).not.toContain('marker-7f3a');
    }
    const missing = await run('token generate', ['--configuration', id]);
    expect(missing).toMatchObject({
      code: 2,
      err: expect.stringContaining('Usage: watmeter token generate'),
    });
    expect((await run('token test', ['a', 'b'])).code).toBe(2);
    const unreadable = await run('token test', [file('nowhere')]);
    expect(unreadable).toMatchObject({
      code: 2,
      err: expect.stringMatching(/cannot read the token from .*ENOENT/),
    });
  });
});

describe('a token command', () => {
  const list = 'token configurations list';

  it('reads the API token from a file or standard input, and reports an invalid or insufficient token', async () => {
    const { run, file } = setUp();
    const reader = await createActiveToken(instance(), { scopes: ['tokens:read'] });
    const noAdmin = { ADMIN_TOKEN: '' };
    const piped = await run(list, ['--api-token-file', '-'], { stdin: `${reader.token}\n`, env: noAdmin });
    expect(piped.code).toBe(0);
    const args = ['--api-token-file', file('token', reader.token)];
    const lacking = await run('token configurations create', ['A', ...args, '--key-file', file('a.pub')]);
    expect(lacking).toMatchObject({
      code: 1,
      err: expect.stringMatching(/tokens:write[\s\S]*--api-token-file/),
    });
    const { id } = (await createToken(instance())).body;
    const unknown = `wmt_${id}_${'A'.repeat(43)}`;
    const bad = await run(list, ['--api-token-file', file('bad', unknown)]);
    expect(bad).toMatchObject({
      code: 1,
      err: expect.stringMatching(/\(from .*bad\) is not valid\nGenerate/),
    });
    expect(bad.err).not.toContain('AAAA');
    for (const text of ['  ', 'two words', 'a\u0000b', 'é'])
      expect(await run(list, ['--api-token-file', '-'], { stdin: text })).toMatchObject({
        code: 2,
        err: expect.stringContaining('is empty or malformed'),
      });
    const argument = await run(list, ['--api-token-file', reader.token]);
    expect([argument.code, argument.err.includes(reader.token)]).toEqual([2, false]);
    const withoutToken = await run(list, [], { env: noAdmin });
    expect(withoutToken).toMatchObject({
      code: 1,
      err: expect.stringMatching(/required\n.*ADMIN_TOKEN[\s\S]*does not exist/),
    });
    mkdirSync(file('admin-token'));
    chmodSync(file('admin-token'), 0o000);
    expect((await run(list, [], { env: noAdmin })).err).toMatch(/cannot read .*admin-token/);
  });

  it('reports an address that is invalid, unreachable or not a watmeter instance', async () => {
    const { run } = setUp();
    for (const url of ['127.0.0.1:8080', 'ftp://a', 'http://a:b@c', 'http://a/?b', 'http://a/#b', ''])
      expect(await run(list, [`--url=${url}`])).toMatchObject({
        code: 2,
        err: expect.stringContaining('--url'),
      });
    const authorizations: (string | undefined)[] = [];
    const answers = ['<html>', '{"error":"x"}', '[]'];
    const server = createServer((request, response) => {
      authorizations.push(request.headers.authorization);
      if (request.url?.startsWith('/moved')) response.writeHead(302, { location: `${instance().url}/` });
      else response.writeHead(404);
      response.end(answers[authorizations.length % 3]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const address of [url, `${url}/`, `${url}/moved`])
      expect(await run(list, ['--url', address])).toMatchObject({
        code: 1,
        out: [],
        err: expect.stringMatching(/is not watmeter \(status (404|302)\)\n.*--url/),
      });
    expect(authorizations).toHaveLength(3);
    const unreachable = await run(list, ['--url', `http://127.0.0.1:${await freePort()}`]);
    expect(unreachable).toMatchObject({ code: 1, err: expect.stringMatching(/\(ECONNREFUSED\)\nStart it/) });
    const plain = await run(list, ['--url', 'http://watmeter.invalid', '--json']);
    expect(plain).toMatchObject({ code: 1, err: expect.stringMatching(/^warning: .* has no TLS/) });
  });

  it('reports invalid settings only if it needs these settings', async () => {
    const { run, file } = setUp();
    const env = { PORT: 'x' };
    expect(await run(list, [], { env })).toMatchObject({
      code: 1,
      err: expect.stringContaining('  PORT must'),
    });
    const args = ['--url', instance().url, '--api-token-file', file('admin', adminToken)];
    expect((await run(list, args, { env })).code).toBe(0);
    const free = await run(list, [], { env: { PORT: '0' } });
    expect(free).toMatchObject({ code: 2, err: expect.stringContaining('PORT is 0') });
  });

  it('reports unexpected arguments and options with the usage', async () => {
    const { run } = setUp();
    for (const args of [['--nope'], ['word'], ['--json=1'], ['--limit', '0'], ['--limit', 'ten']])
      expect(await run(list, args)).toMatchObject({
        code: 2,
        out: [],
        err: expect.stringMatching(/Usage: watmeter token configurations list/),
      });
    expect((await run('token configurations rename', ['one'])).err).toContain(
      'Usage: watmeter token configurations rename',
    );
  });
});
