import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

function runDemo(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/demo.mjs', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('the demo prints its help', () => {
  const { status, stdout, stderr } = runDemo('--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Usage: npm run demo -- \[options\]\n/);
  for (const option of ['--url', '--sessions', '--history', '--help'])
    expect(stdout).toContain(`\n  ${option} `);
});

it.each([
  [['--seconds', '5'], "Unknown option '--seconds'"],
  [['word'], "Unexpected argument 'word'"],
  [['--url', 'nonsense'], '--url must be the address of an instance, such as http://127.0.0.1:8080'],
  [['--url', 'ftp://127.0.0.1'], '--url must be the address of an instance, such as http://127.0.0.1:8080'],
  [['--history', '90'], '--history must be a number of days from 1d to 999d, such as 90d'],
  [['--sessions', 'ten'], '--sessions must be a whole number of at least 1'],
])(
  'the demo with the invalid arguments %j prints one message and the command that lists the options',
  (args, message) => {
    expect(runDemo(...args)).toEqual({
      status: 2,
      stdout: '',
      stderr: `demo: ${message}\nList the options: npm run demo -- --help\n`,
    });
  },
);
