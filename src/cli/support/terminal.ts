import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import type { ReadStream, WriteStream } from 'node:tty';
import type { CommandContext } from './command-context.ts';

interface Streams {
  readonly stdin: NodeJS.ReadableStream & Pick<ReadStream, 'isTTY'>;
  readonly stdout: NodeJS.WritableStream & Pick<WriteStream, 'isTTY'>;
  readonly stderr: NodeJS.WritableStream & Pick<WriteStream, 'isTTY'>;
}

type Terminal = Omit<CommandContext, 'env'> & {
  /** Clears the progress line. */
  end(): void;
};

const clearLine = '\r\u001b[K';
const redrawMs = 1000;

/** Creates a command's input and output functions from the streams of its process. */
export function createTerminal({ stdin, stdout, stderr }: Streams): Terminal {
  const progress = createProgress(stderr);
  async function ask(question: string): Promise<string> {
    progress.end();
    const terminal = createInterface({ input: stdin, output: stdout });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  }
  return {
    print(line) {
      progress.end();
      stdout.write(`${line}\n`);
    },
    printError(line) {
      progress.end();
      stderr.write(`${line}\n`);
    },
    showProgress: progress.show,
    end: progress.end,
    readStdin: () => text(stdin),
    ...(stdin.isTTY && stdout.isTTY && { ask }),
  };
}

/**
 * Creates a progress line. On a terminal, the line is redrawn every second with the duration of the step. Any other
 * output gets one line per step.
 */
function createProgress(stderr: Streams['stderr']) {
  let current: { readonly step: string; readonly startedMs: number; detail: string } | undefined;
  let timer: NodeJS.Timeout | undefined;
  function draw(): void {
    if (current === undefined) return;
    const seconds = Math.floor((performance.now() - current.startedMs) / 1000);
    const details = [current.detail, seconds === 0 ? '' : `${seconds} s`].filter((text) => text !== '');
    const suffix = details.length === 0 ? '' : ` (${details.join(', ')})`;
    stderr.write(`${clearLine}${current.step}${suffix}`);
  }
  function end(): void {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    stderr.write(clearLine);
  }
  function show(step: string, detail = ''): void {
    const isNew = step !== current?.step;
    if (current === undefined || isNew) current = { step, startedMs: performance.now(), detail };
    current.detail = detail;
    if (stderr.isTTY === true) {
      draw();
      timer ??= setInterval(draw, redrawMs).unref();
    } else if (isNew) stderr.write(`${step}\n`);
  }
  return { show, end };
}
