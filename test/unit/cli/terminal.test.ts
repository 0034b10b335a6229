import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTerminal } from '../../../src/cli/support/terminal.ts';

const clear = '\r\u001b[K';

/** Creates a terminal with three streams. `out` and `err` return the text written since their last call. */
function setUp(isTTY: boolean) {
  const stream = () => Object.assign(new PassThrough(), { isTTY });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  const read = (from: PassThrough) => () => String(from.read() ?? '');
  return {
    terminal: createTerminal({ stdin, stdout, stderr }),
    ...{ stdin, out: read(stdout), err: read(stderr) },
  };
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

describe('showProgress', () => {
  it('rewrites one line with the elapsed seconds on a terminal, and clears that line before other output', () => {
    const { terminal, out, err } = setUp(true);
    terminal.showProgress('reading');
    expect(err()).toBe(`${clear}reading`);
    vi.advanceTimersByTime(2000);
    expect(err()).toBe(`${clear}reading (1 s)${clear}reading (2 s)`);
    terminal.showProgress('replaying', '3 done');
    expect(err()).toBe(`${clear}replaying (3 done)`);
    terminal.print('result');
    expect([out(), err()]).toEqual(['result\n', clear]);
    vi.advanceTimersByTime(5000);
    expect(err()).toBe('');
    terminal.showProgress('replaying', '4 done');
    expect(err()).toBe(`${clear}replaying (4 done, 5 s)`);
    terminal.end();
    terminal.end();
    expect(err()).toBe(clear);
  });

  it('prints one line per step if the output is not a terminal', () => {
    const { terminal, out, err } = setUp(false);
    terminal.showProgress('reading');
    terminal.showProgress('replaying', '1 done');
    terminal.showProgress('replaying', '2 done');
    vi.advanceTimersByTime(60_000);
    terminal.print('result');
    terminal.printError('a warning');
    expect([out(), err()]).toEqual(['result\n', 'reading\nreplaying\na warning\n']);
  });
});

describe('createTerminal', () => {
  it('can prompt only if the streams are a terminal', async () => {
    const { terminal, stdin, out, err } = setUp(true);
    terminal.showProgress('reading');
    const answer = terminal.ask?.('Sure? ');
    stdin.write('yes\n');
    expect(await answer).toBe('yes');
    expect(out()).toContain('Sure? ');
    expect(err().endsWith(clear)).toBe(true);
    expect(setUp(false).terminal.ask).toBeUndefined();
  });

  it('reads standard input to the end', async () => {
    const { terminal, stdin } = setUp(false);
    stdin.end('{"sub":"alice"}');
    expect(await terminal.readStdin()).toBe('{"sub":"alice"}');
  });
});
