import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { gatewayErrors } from '../../../src/gateway/declarations/errors.ts';
import { renderErrorPage } from '../../../src/gateway/links/error-page.ts';
import { platformErrors } from '../../../src/platform/errors/platform-errors.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const generated = ['api', 'claims', 'configuration', 'errors'].map((name) => `docs/reference/${name}.md`);
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'README.md', 'docs/*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((page) => page !== '' && existsSync(join(root, page)) && !generated.includes(page));

const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Returns the commands of a page: all lines of shell blocks, and the lines that start with `$` in other blocks. */
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

/** Returns the names of the files that the commands create: redirection targets, keys and cookie jars. */
function filesOf(commands: readonly string[]): string[] {
  return commands.flatMap((command) =>
    [...command.matchAll(/(?:(?<![<2-])> ?|--key-file |-c |-o )([\w.-]+\.\w+)/g)].map(
      ([, name = '']) => name,
    ),
  );
}

/** Files with API responses that contain no secret. */
const harmlessFiles = [
  'newsletter.json',
  'portal.json',
  'analyst.json',
  'back-end.json',
  'refused.json',
  'usage.xlsx',
];
const subcommands =
  'topics|verify|repair|relay|dead-letters|token|mint|config|admin-token|start|gateway|consumer|api';

describe.each(pages)('the commands of %s', (page) => {
  const commands = commandsOf(page);

  it('call the command line as `npx watmeter`', () => {
    const inline = [...textOf(page).matchAll(/`(watmeter [^`]+)`/g)].map(([, command = '']) => command);
    const calls = new RegExp(`(?<!npx )\\bwatmeter (?:${subcommands})\\b|npm run (?:-s )?watmeter`);
    expect([...commands, ...inline].filter((command) => calls.test(command))).toEqual([]);
  });

  it('do not pass secrets as program arguments', () => {
    const programs = commands.flatMap((command) => command.split(/\| | && /)).map((part) => part.trim());
    const secret = /\$\(cat |\$\{?(?:WAT|WATMETER_TOKEN|TOKEN|CODE|ADMIN_TOKEN)\b|Bearer /;
    const builtIn = /^(?:printf|echo|export|[A-Z_]+=\$\()/;
    expect(programs.filter((program) => !builtIn.test(program) && secret.test(program))).toEqual([]);
  });

  it('use the variables WATMETER_TOKEN for the API token and WAT for the token of a link', () => {
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

  it('and the text of the page refer only to existing files', () => {
    const paths = textOf(page).matchAll(
      /`((?:src|consumers|sql|scripts|test|docs|examples|bin|dashboards\/(?:web|grafana|prometheus)|bench)\/[\w./-]+)`/g,
    );
    const missing = [...paths].map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)));
    expect(missing.filter((path) => !path.includes('000N'))).toEqual([]);
  });
});

/** Returns the names that git ignores, one per line. */
function checkIgnored(names: readonly string[]): string {
  try {
    return execFileSync('git', ['check-ignore', ...names], { cwd: root, encoding: 'utf8' });
  } catch (error) {
    // Exit code 1 means that git ignores none of the names.
    return String((error as { stdout?: unknown }).stdout ?? '');
  }
}

/** Pages with shell blocks that tests cannot run: the number of blocks, and the reason. */
const notRun: Readonly<Record<string, { readonly blocks: number; readonly because: string }>> = {
  'docs/tutorials/first-session.md': {
    blocks: 1,
    because: 'npm ci; test/quickstart.sh starts watmeter like this',
  },
  'docs/tutorials/embed-a-link.md': { blocks: 1, because: 'the test starts watmeter with this setting' },
  'docs/tutorials/page-with-the-browser-client.md': {
    blocks: 2,
    because: 'the test starts both with these settings',
  },
  'docs/how-to/add-an-event-field.md': { blocks: 1, because: 'the test suites themselves' },
  'docs/how-to/after-a-leak.md': {
    blocks: 1,
    because: 'test/integration/command-line/admin-token.test.ts renews the token',
  },
  'docs/how-to/back-up-and-restore.md': { blocks: 1, because: 'a tool of Kafka, against a cluster' },
  'docs/how-to/first-deployment.md': { blocks: 5, because: 'root, systemd, https' },
  'docs/how-to/nginx.md': {
    blocks: 1,
    because: 'settings; test/services/nginx/dashboard.test.ts reads them',
  },
  'docs/how-to/scale-out.md': { blocks: 2, because: 'Docker; test/services/deploy runs the export' },
  'docs/how-to/upgrade.md': { blocks: 1, because: 'npm ci' },
};

it('tests run every shell block of a tutorial or how-to guide that can run in a test', () => {
  const withoutRunner = pages
    .filter((page) => /^docs\/(tutorials|how-to)\//.test(page))
    .map((page) => {
      const blocks = textOf(page).match(/^ *```sh$/gm)?.length ?? 0;
      const run = [...textOf(page).matchAll(/^<!-- run by (\S+) -->\n```sh$/gm)];
      for (const [, testFile = ''] of run) expect(existsSync(join(root, testFile)), testFile).toBe(true);
      return [page, blocks - run.length] as const;
    })
    .filter(([, count]) => count > 0);
  const expected = Object.entries(notRun).map(([page, { blocks }]) => [page, blocks]);
  expect(Object.fromEntries(withoutRunner)).toEqual(Object.fromEntries(expected));
});

it('docs/how-to/broken-link.md lists every error page that a viewer of a link can see', () => {
  const page = textOf('docs/how-to/broken-link.md');
  for (const code of [
    'token_invalid',
    'token_expired',
    'token_not_yet_valid',
    'token_revoked',
    'rate_limited',
  ] as const) {
    const [, title = ''] =
      /<title>(.*?)<\/title>/.exec(renderErrorPage({ ...gatewayErrors, ...platformErrors }[code])) ?? [];
    expect(page).toContain(`| ${title} | \`${code}\` |`);
  }
});

it('docs/how-to/broken-link.md explains every rejection reason', () => {
  const openApi = JSON.parse(textOf('docs/reference/openapi.json'));
  const { description } = openApi.components.schemas.Refusals.properties.reason;
  const reasons = String(description).split(/, | or /);
  expect(reasons).toHaveLength(10);
  const page = textOf('docs/how-to/broken-link.md');
  expect(reasons.filter((reason) => !page.includes(`| \`${reason}\` |`))).toEqual([]);
});
