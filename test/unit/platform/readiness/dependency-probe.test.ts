import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDependencyProbe } from '../../../../src/platform/readiness/dependency-probe.ts';

/** Starts a probe with short times. `ask` simulates the dependency. */
async function startProbe(ask: () => Promise<unknown>) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
  const config = { name: 'ClickHouse', everyMs: 10, timeoutMs: 20 };
  const { check, component } = createDependencyProbe(config, { ask, logger });
  await component.start?.();
  onTestFinished(() => component.stop?.());
  return { check, lines, stop: () => component.stop?.() };
}

describe('a dependency probe', () => {
  it('reports no problem while the dependency responds, and calls it repeatedly', async () => {
    let asked = 0;
    const { check } = await startProbe(async () => {
      asked += 1;
    });
    await expect.poll(() => asked).toBeGreaterThan(3);
    expect(check.trouble()).toBeUndefined();
    expect(check.isHarmless).toBe(true);
  });

  it('reports the reason of an outage, and logs the beginning and the end of the outage', async () => {
    let isUp = false;
    const { check, lines } = await startProbe(async () => {
      if (!isUp) throw new Error('connection refused');
    });
    await expect.poll(check.trouble).toBe('ClickHouse does not respond: connection refused');
    isUp = true;
    await expect.poll(check.trouble).toBeUndefined();
    expect(lines.map(({ msg, reason }) => [msg, reason])).toEqual([
      ['a dependency does not respond', 'connection refused'],
      ['a dependency responds again', undefined],
    ]);
  });

  it('reports a dependency that never responds', async () => {
    const { check } = await startProbe(() => new Promise(() => {}));
    await expect.poll(check.trouble).toBe('ClickHouse does not respond: no answer within 20 ms');
  });

  it('makes no call after it is stopped', async () => {
    let asked = 0;
    const { stop } = await startProbe(async () => {
      asked += 1;
    });
    await expect.poll(() => asked).toBeGreaterThan(1);
    await stop();
    const askedBefore = asked;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toBe(askedBefore);
  });
});
