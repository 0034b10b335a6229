import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { createTemporaryDirectory } from '../temporary-directory.ts';

/** A page of a real browser. */
export interface Page {
  /** Loads a URL; resolves when it has loaded. */
  open(url: string): Promise<void>;
  /**
   * Runs a function in the page and answers what it resolves with, as JSON. It sees nothing of the test but its
   * argument.
   * @throws Error with what it threw.
   */
  run<Argument, Result>(work: (argument: Argument) => Result, argument?: Argument): Promise<Awaited<Result>>;
}

export interface Chromium {
  /** A page with cookies and storages of its own. */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

const program = process.env['CHROMIUM'] ?? 'chromium';

/** Undefined when there is a Chromium. */
export function chromiumIsMissing(): string | undefined {
  return spawnSync(program, ['--version']).status === 0 ? undefined : 'no Chromium on this machine';
}

/** Starts a headless Chromium. It ends with this process, however that ends: then its pipe is closed. */
export async function startChromium(): Promise<Chromium> {
  const profile = createTemporaryDirectory('chromium');
  const child = spawn(
    program,
    [
      ...['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile.path}`],
      ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const protocol = createProtocol(child);
  return {
    async newPage() {
      const { browserContextId } = await protocol.send('Target.createBrowserContext');
      const { targetId } = await protocol.send('Target.createTarget', {
        url: 'about:blank',
        browserContextId,
      });
      const { sessionId } = await protocol.send('Target.attachToTarget', { targetId, flatten: true });
      return createPage((method, parameters) => protocol.send(method, parameters, String(sessionId)));
    },
    async close() {
      const ended = once(child, 'exit');
      protocol.send('Browser.close').catch(() => child.kill('SIGKILL'));
      await ended;
      profile.remove();
    },
  };
}

type Answer = Record<string, unknown>;
type Send = (method: string, parameters?: object, sessionId?: string) => Promise<Answer>;

/** The DevTools protocol over the pipe: JSON messages, each ended by a zero byte. */
function createProtocol(child: ChildProcess): { send: Send } {
  const [output, input] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  let lastId = 0;
  let rest = '';
  input.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const { id, result, error } = JSON.parse(message);
      const waiter = waiting.get(id);
      waiting.delete(id);
      if (error !== undefined) waiter?.reject(new Error(error.message));
      else waiter?.resolve(result);
    }
  });
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  output.on('error', fail);
  child.once('error', fail);
  child.once('exit', () => fail(new Error('Chromium has ended')));
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        output.write(`${JSON.stringify({ id: lastId, method, params, ...(sessionId && { sessionId }) })}\0`);
      }),
  };
}

function createPage(send: Send): Page {
  async function evaluate(expression: string): Promise<unknown> {
    const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    const fault = answer['exceptionDetails'] as { exception?: { description?: string } } | undefined;
    if (fault !== undefined) throw new Error(`in the page: ${fault.exception?.description}`);
    return (answer['result'] as { value?: unknown }).value;
  }
  return {
    async open(url) {
      const { errorText } = await send('Page.navigate', { url });
      if (errorText !== undefined) throw new Error(String(errorText));
      const deadlineMs = Date.now() + 20_000;
      while ((await evaluate('location.href + document.readyState').catch(() => '')) !== `${url}complete`) {
        if (Date.now() > deadlineMs) throw new Error('the page was not loaded in time');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    run: (work, argument) => evaluate(`(${work.toString()})(${JSON.stringify(argument ?? null)})`) as never,
  };
}
