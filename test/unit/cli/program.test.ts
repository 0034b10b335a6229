import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram, fullNameOf } from '../../../src/cli/program.ts';
import { runCommandLine } from '../../../src/cli/run.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const program = createProgram(() => async () => {}, {});

/** Returns all subcommands of a command, including groups. */
function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...commandsBelow(child)]);
}
const commands = commandsBelow(program);
const isGroup = (command: Command) => command.commands.length > 0;

/** Runs a command line without environment settings. */
const run = (...args: string[]) => runWith({}, args);

async function runWith(env: Record<string, string>, args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const exitCode = await runCommandLine(args, {
    env,
    print: (line) => out.push(line),
    printError: (line) => err.push(line),
    showProgress: (step) => err.push(step),
    readStdin: async () => '',
  });
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

/** Returns the words of a command after `watmeter`. */
const wordsOf = (command: Command) => fullNameOf(command).split(' ').slice(1);

describe('help', () => {
  it('lists every top-level command', async () => {
    const shown = await run('--help');
    expect(shown).toMatchObject({ exitCode: 0, err: '' });
    for (const command of program.commands)
      expect(shown.out).toMatch(new RegExp(`^  ${command.name()} .*\\w{3}`, 'm'));
    expect(await run('help')).toEqual(shown);
  });

  it.each(commands.map((command) => [fullNameOf(command), command] as const))(
    'for %s prints the usage, description, options and subcommands',
    async (name, command) => {
      const shown = await run(...wordsOf(command), '--help');
      expect(shown).toMatchObject({ exitCode: 0, err: '' });
      expect(shown.out.startsWith(`Usage: ${name} `)).toBe(true);
      expect(command.description()).toMatch(/^[A-Z][^.]*\..*[.]$|^[A-Z].*\.$/);
      for (const option of command.options) {
        expect(shown.out).toContain(option.flags);
        expect(option.description).not.toBe('');
      }
      for (const child of command.commands) expect(shown.out).toContain(child.name());
    },
  );

  it('prints the usage and exits with code 2 if a command group is called without a subcommand', async () => {
    for (const group of commands.filter(isGroup)) {
      const { exitCode, out, err } = await run(...wordsOf(group));
      expect([exitCode, out]).toEqual([2, '']);
      expect(err.startsWith(`Usage: ${fullNameOf(group)} `)).toBe(true);
    }
  });

  it('lists no option whose value is a secret: secrets are passed in files', () => {
    const names = commands.flatMap(({ options }) => options.map(({ long }) => long));
    const secrets = names.filter((name) => /token|key|password|secret/.test(name ?? ''));
    expect([...new Set(secrets)].sort()).toEqual(['--api-token-file', '--key-file', '--public-key']);
    for (const command of commands)
      expect(command.options.find(({ long }) => long === '--public-key')?.flags ?? '<file>').toMatch(
        /<file>$/,
      );
  });
});

it('--version prints the version of the package', async () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  for (const option of ['--version', '-V'])
    expect(await run(option)).toEqual({ exitCode: 0, out: version, err: '' });
});

it('docs/reference/command-line.md documents every command and every option', () => {
  const page = read('docs/reference/command-line.md');
  for (const command of commands) {
    if (!isGroup(command)) expect(page).toContain(`\`${wordsOf(command).join(' ')}`);
    for (const { long } of command.options) expect(page).toContain(String(long));
  }
});

describe('a usage error', () => {
  it.each([
    [['strat'], "unknown command 'strat'\n(Did you mean start?)", 'watmeter '],
    [['verfy'], "unknown command 'verfy'\n(Did you mean verify?)", 'watmeter '],
    [['nonsense'], "unknown command 'nonsense'", 'watmeter '],
    [['token', 'tst'], "unknown command 'tst'\n(Did you mean test?)", 'watmeter token '],
    [['token', 'configurations', 'lst'], '(Did you mean list?)', 'watmeter token configurations '],
    [['verify', '--quik'], "unknown option '--quik'\n(Did you mean --quick?)", 'watmeter verify '],
    [['--versoin'], '(Did you mean --version?)', 'watmeter '],
    [['verify', 'word'], 'too many arguments', 'watmeter verify '],
    [['verify', '--journal'], 'argument missing', 'watmeter verify '],
    [['verify', '--quick=1'], "unknown option '--quick=1'", 'watmeter verify '],
    [['mint', '--sub', 'alice'], "'--configuration <file>' not specified", 'watmeter mint '],
    [['mint', '--expires-in', '1h'], 'whole number of seconds', 'watmeter mint '],
    [['dead-letters', 'show'], "missing required argument 'id'", 'watmeter dead-letters show '],
    [['dead-letters', 'list', '--limit', '0'], 'whole number from 1', 'watmeter dead-letters list '],
    [['dead-letters', 'list', '--since', 'x'], '2026-11-21T08:00:00Z', 'watmeter dead-letters list '],
  ])('in %j causes exit code 2 and prints a message with the usage', async (args, message, name) => {
    const { exitCode, out, err } = await run(...args);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toContain(`\nUsage: ${name}`);
  });

  it('is reported with the command name if the command itself detects the error', async () => {
    for (const args of [[], ['id', '--all-of', 'reason']]) {
      const { exitCode, err } = await run('dead-letters', 'replay', ...args);
      expect(exitCode).toBe(2);
      expect(err).toMatch(/^watmeter dead-letters replay: pass either /);
    }
  });
});

describe('a failing command', () => {
  it.each([[['config', 'check']], [['topics']], [['relay', 'rewind']]])(
    '%j exits with code 1 and lists every invalid setting',
    async (args) => {
      const { exitCode, out, err } = await runWith({ PORT: 'x', LOG_LEVEL: 'loud' }, args);
      expect([exitCode, out]).toEqual([1, '']);
      expect(err.startsWith(`watmeter ${args.join(' ')}: the settings are not valid:\n`)).toBe(true);
      expect(err).toMatch(/^ {2}PORT must/m);
      expect(err).toMatch(/^ {2}LOG_LEVEL must/m);
    },
  );

  it('exits with code 1 and reports the missing setting', async () => {
    expect(await run('topics')).toMatchObject({
      exitCode: 1,
      err: 'watmeter topics: KAFKA_BROKERS must be set.',
    });
  });

  it('exits with code 1 and reports the fields that are missing from an input file', async () => {
    const { exitCode, err } = await run('mint', '--configuration', '-', '--sub', 'alice');
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^watmeter mint: - does not contain an id and a publicKey\nUse the response .* create NAME --key-file - --json$/,
    );
  });
});

it('the command line rejects a secret in an argument and does not repeat it in the message', async () => {
  const secret = `wmt_org_${'A'.repeat(43)}`;
  for (const args of [['strat', secret], ['mint', '--sub', secret], [secret]]) {
    const { exitCode, out, err } = await run(...args);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain('other users of this machine can see arguments');
    expect(err).not.toContain(secret);
  }
});
