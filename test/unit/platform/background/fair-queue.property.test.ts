import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairQueue, QueueFullError } from '../../../../src/platform/background/fair-queue.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a fair queue', () => {
  it('limits running and waiting tasks, and starts or rejects each task once, whatever the order of events', async () => {
    const anyCase = fc.record({
      maxRunning: fc.integer({ min: 1, max: 4 }),
      maxWaiting: fc.integer({ min: 0, max: 6 }),
      steps: fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.nat(5)), { maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ maxRunning, maxWaiting, steps }) => {
        const queue = createFairQueue({ maxRunning, maxWaiting });
        const held: (() => void)[] = [];
        let [started, refused, asked] = [0, 0, 0];
        for (const step of steps) {
          if (typeof step === 'number') held.splice(step % Math.max(held.length, 1), 1)[0]?.();
          else {
            asked += 1;
            queue.acquire(step).then(
              (release) => {
                started += 1;
                held.push(release);
              },
              (error) => {
                expect(error).toBeInstanceOf(QueueFullError);
                refused += 1;
              },
            );
          }
          await settle();
          expect(queue.running()).toBe(held.length);
          expect(queue.running()).toBeLessThanOrEqual(maxRunning);
          expect(queue.waiting()).toBeLessThanOrEqual(maxWaiting);
          expect(started + refused + queue.waiting()).toBe(asked);
        }
        while (held.length > 0) {
          held.pop()?.();
          await settle();
        }
        expect([queue.running(), queue.waiting(), started + refused]).toEqual([0, 0, asked]);
      }),
      { numRuns: 60 },
    );
  });

  /** Fills a queue with `count` tasks of one key. `ask` adds a task, and `order` lists the keys of started tasks. */
  async function filled(count: number, maxWaiting = 10) {
    const queue = createFairQueue({ maxRunning: 2, maxWaiting });
    const order: string[] = [];
    const releases: (() => void)[] = [];
    const refusals: string[] = [];
    const ask = (key: string) =>
      queue.acquire(key).then(
        (release) => {
          order.push(key);
          releases.push(release);
        },
        () => refusals.push(key),
      );
    for (let asked = 0; asked < count; asked += 1) ask('heavy');
    await settle();
    return { queue, order, releases, refusals, ask };
  }

  it('keeps a slot free for other keys if one key requests all slots', async () => {
    const { order, ask } = await filled(5);
    expect(order).toEqual(['heavy']);
    await ask('light');
    expect(order).toEqual(['heavy', 'light']);
  });

  it('gives the next slot to the key with the fewest running tasks', async () => {
    const { order, releases, ask } = await filled(5);
    ask('light');
    ask('other');
    await settle();
    releases[1]?.();
    await settle();
    expect(order).toEqual(['heavy', 'light', 'other']);
  });

  it('rejects the newest task of the key with the most waiting tasks, not the first task of another key', async () => {
    const { order, releases, refusals, ask, queue } = await filled(4, 3);
    ask('light');
    ask('light');
    await settle();
    expect([refusals, queue.waiting()]).toEqual([['heavy'], 3]);
    ask('heavy');
    await settle();
    expect(refusals).toEqual(['heavy', 'heavy']);
    releases[1]?.();
    await settle();
    expect(order).toEqual(['heavy', 'light', 'light']);
  });

  it('frees a slot only once if a task releases it repeatedly', async () => {
    const { queue, releases } = await filled(1);
    releases[0]?.();
    releases[0]?.();
    expect(queue.running()).toBe(0);
  });
});
