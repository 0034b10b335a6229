import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Command } from '../../../src/app/cli/command.ts';
import { tokenGenerate, tokenTest } from '../../../src/app/cli/token.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openTemporaryControl } from './support/control.ts';

/** The commands on a control store of their own, with one configuration and files of its key and of a payload. */
async function setUp(payload: unknown = { sub: 'alice' }) {
  const { place, configurations } = await openTemporaryControl(systemClock);
  const { configuration, publicKeyPem } = await configurations.create('Portal', 'default');
  const folder = place.config.dataDir;
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const run = async (
    command: Command,
    args: readonly string[],
    stdin = '',
    env: Record<string, string> = {},
  ) => {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await command.run({
      args,
      env: { ...place.env, ...env },
      print: (line) => out.push(line),
      printError: (line) => err.push(line),
      isTerminal: false,
      readStdin: async () => stdin,
    });
    return { code, out, err: err.join('\n') };
  };
  const keyFile = file('key.pub', publicKeyPem);
  const payloadFile = file('payload.json', JSON.stringify(payload));
  const args = ['--configuration', configuration.id, '--public-key', keyFile, '--payload', payloadFile];
  return { run, file, args, keyFile, payloadFile, configuration, publicKeyPem };
}

describe('watmeter token', () => {
  it('makes a token that its test says is valid, from files or standard input', async () => {
    const { run, file, args, keyFile, configuration, publicKeyPem } = await setUp();
    const made = await run(tokenGenerate, args);
    expect(made).toMatchObject({ code: 0, err: '', out: [expect.stringMatching(/^[\w-]+(\.[\w-]+){4}$/)] });
    const [token = ''] = made.out;
    const tested = await run(tokenTest, [], `${token}\n`);
    expect([tested.code, tested.out[0]]).toEqual([0, 'valid']);
    expect(tested.out[1]).toMatch(/^info: data: \/sub was not checked: .*\. Register them/);
    const json = await run(tokenTest, [file('token', token), '--json']);
    expect(JSON.parse(json.out[0] ?? '')).toMatchObject({
      valid: true,
      payload: { sub: 'alice' },
      header: { kid: configuration.id },
    });

    const piped = ['--configuration', configuration.id, '--public-key', '-', '--payload', args[5] ?? ''];
    expect((await run(tokenGenerate, piped, publicKeyPem)).code).toBe(0);
    const payload = ['--configuration', configuration.id, '--public-key', keyFile, '--payload', '-'];
    expect((await run(tokenGenerate, payload, '{"sub":"bob"}')).code).toBe(0);
  });

  it('says every fault, repeats no value, and prints no token', async () => {
    const { run, args } = await setUp({ lng: 'marker-7f3a', exp: 1, grants: { acl: [] } });
    const { code, out, err } = await run(tokenGenerate, args);
    expect([code, out]).toEqual([1, []]);
    expect(err.split('\n')).toHaveLength(5);
    expect(err).toMatch(/^The payload has faults\n/);
    expect(err).toMatch(/\nerror: structure: \/sub is missing/);
    expect(err).toMatch(/\nwarning: logic: \/grants\/acl is empty/);
    expect(err).not.toContain('marker-7f3a');
  });

  it('ends with 1 for a wrong key, an unknown configuration, and a token that is not valid', async () => {
    const { run, file, args } = await setUp();
    const other = await setUp();
    const wrong = await run(tokenGenerate, args.with(3, other.keyFile));
    expect(wrong).toMatchObject({ code: 1, out: [], err: 'Invalid public key' });
    const unknown = await run(tokenGenerate, args.with(1, 'f'.repeat(24)));
    expect(unknown).toMatchObject({ code: 1, err: 'No such token configuration' });
    const none = await run(tokenTest, [file('no-token', 'abc')]);
    expect([none.code, none.out[0]]).toEqual([1, 'not valid']);
  });

  it.each([
    [tokenGenerate, []],
    [tokenGenerate, ['--configuration', 'a', '--public-key', '-', '--payload', '-']],
    [tokenTest, ['a', 'b']],
  ] as const)('says how it is used (%#)', async (command, args) => {
    const { run } = await setUp();
    expect(await run(command, args)).toMatchObject({
      code: 2,
      out: [],
      err: expect.stringContaining('usage'),
    });
  });

  it('asks the application at DIRECTORY_URL for the data level', async () => {
    const { run, args } = await setUp();
    const server = createServer((_, response) => response.end('{"subject":false,"resources":[]}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [token] = (await run(tokenGenerate, args)).out;
    const tested = await run(tokenTest, [], token, { DIRECTORY_URL: url });
    expect([tested.code, ...tested.out]).toEqual([
      1,
      'not valid',
      expect.stringMatching(/^error: data: \/sub is not in the directory\./),
    ]);
  });

  it('takes no payload that is no object, and does not repeat it', async () => {
    const { run, file, args } = await setUp();
    for (const text of ['[]', 'marker-7f3a', '"marker-7f3a"', '']) {
      const failed = run(tokenGenerate, args.with(5, file('bad.json', text)));
      await expect(failed).rejects.toThrow(/holds no JSON object$/);
      await expect(failed).rejects.not.toThrow(/marker/);
    }
  });
});
