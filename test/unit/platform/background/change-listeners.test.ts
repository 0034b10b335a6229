import { expect, it } from 'vitest';
import { createChangeListeners } from '../../../../src/platform/background/change-listeners.ts';

it('notify waits for all listeners', async () => {
  const changeListeners = createChangeListeners();
  await changeListeners.notify();
  const looked: string[] = [];
  for (const [name, ms] of [
    ['slow', 30],
    ['quick', 1],
  ] as const) {
    changeListeners.add(async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      looked.push(name);
    });
  }
  await changeListeners.notify();
  expect(looked).toEqual(['quick', 'slow']);
});

it('notify ignores a listener that fails, and waits at most one second for a listener that does not settle', async () => {
  const changeListeners = createChangeListeners();
  changeListeners.add(() => Promise.reject(new Error('gone')));
  await changeListeners.notify();
  changeListeners.add(() => new Promise(() => {}));
  const startMs = performance.now();
  await changeListeners.notify();
  expect(performance.now() - startMs).toBeGreaterThan(900);
  expect(performance.now() - startMs).toBeLessThan(3000);
});
