import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const generated = ['api', 'claims', 'configuration', 'errors'].map((name) => `docs/reference/${name}.md`);
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'README.md', 'docs/*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((page) => page !== '' && existsSync(join(root, page)) && !generated.includes(page));

const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Returns the commands of a page, one per line: shell blocks, and the lines behind `$` of other blocks. */
function commandsOf(page: string): string[] {
  const blocks = [...textOf(page).matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)];
  const shell = blocks.flatMap(([, language, text = '']) =>
    language === 'sh' ? [text] : [...text.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command),
  );
  return shell
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .replace(/\|\n\s*/g, '| ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Names of files that commands create: redirections, keys and cookie jars. */
function filesOf(commands: readonly string[]): string[] {
  return commands.flatMap((command) =>
    [...command.matchAll(/(?:(?<![<2-])> ?|--key-file |-c |-o )([\w.-]+\.\w+)/g)].map(
      ([, name = '']) => name,
    ),
  );
}

/** Answers of the API that hold no secret. */
const harmlessFiles = ['newsletter.json', 'portal.json', 'analyst.json', 'back-end.json', 'refused.json'];
const subcommands =
  'topics|verify|repair|relay|dead-letters|token|mint|config|admin-token|start|gateway|consumer|api';

describe.each(pages)('the commands of %s', (page) => {
  const commands = commandsOf(page);

  it('call the command line as `npx watmeter`', () => {
    const inline = [...textOf(page).matchAll(/`(watmeter [^`]+)`/g)].map(([, command = '']) => command);
    const calls = new RegExp(`(?<!npx )\\bwatmeter (?:${subcommands})\\b|npm run (?:-s )?watmeter`);
    expect([...commands, ...inline].filter((command) => calls.test(command))).toEqual([]);
  });

  it('pass no secret as an argument of a program', () => {
    const programs = commands.flatMap((command) => command.split(/\| | && /)).map((part) => part.trim());
    const secret = /\$\(cat |\$\{?(?:WAT|WATMETER_TOKEN|TOKEN|CODE|ADMIN_TOKEN)\b|Bearer /;
    const builtIn = /^(?:printf|echo|export|[A-Z_]+=\$\()/;
    expect(programs.filter((program) => !builtIn.test(program) && secret.test(program))).toEqual([]);
  });

  it('name the API token WATMETER_TOKEN and the token of a link WAT', () => {
    expect(textOf(page)).not.toMatch(/WATMETER_API_TOKEN|\$\{?TOKEN\b|HEADER_FILE/);
  });

  it('create files that only their owner can read, and that git ignores', () => {
    const files = filesOf(commands);
    if (files.length === 0) return;
    const firstFile = commands.findIndex((command) => filesOf([command]).length > 0);
    expect(commands.slice(0, firstFile)).toContain('umask 077');
    const secrets = files.filter((name) => !harmlessFiles.includes(name));
    const ignored = secrets.length === 0 ? '' : checkIgnored(secrets);
    expect(secrets.filter((name) => !ignored.split('\n').includes(name))).toEqual([]);
  });

  it('and its text name files that exist', () => {
    const paths = textOf(page).matchAll(
      /`((?:src|consumers|sql|scripts|test|docs|examples|bin|dashboards\/(?:web|grafana|prometheus)|bench)\/[\w./-]+)`/g,
    );
    const missing = [...paths].map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)));
    expect(missing.filter((path) => !path.includes('000N'))).toEqual([]);
  });
});

/** Returns those names that git ignores, one per line. */
function checkIgnored(names: readonly string[]): string {
  try {
    return execFileSync('git', ['check-ignore', ...names], { cwd: root, encoding: 'utf8' });
  } catch (error) {
    // Exit code 1: none is ignored.
    return String((error as { stdout?: unknown }).stdout ?? '');
  }
}

it('docs/how-to/broken-link.md explains every reason of a refusal', () => {
  const openApi = JSON.parse(textOf('docs/reference/openapi.json'));
  const { description } = openApi.components.schemas.Refusals.properties.reason;
  const reasons = String(description).split(/, | or /);
  expect(reasons).toHaveLength(7);
  const page = textOf('docs/how-to/broken-link.md');
  expect(reasons.filter((reason) => !page.includes(`| \`${reason}\` |`))).toEqual([]);
});
