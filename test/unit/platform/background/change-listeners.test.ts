import { expect, it } from 'vitest';
import { createFollowers } from '../../../../src/platform/background/change-listeners.ts';

it('look waits for all followers', async () => {
  const followers = createFollowers();
  await followers.look();
  const looked: string[] = [];
  for (const [name, ms] of [
    ['slow', 30],
    ['quick', 1],
  ] as const) {
    followers.add(async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      looked.push(name);
    });
  }
  await followers.look();
  expect(looked).toEqual(['quick', 'slow']);
});

it('look does not wait for a follower that fails, and waits one second for one that does not answer', async () => {
  const followers = createFollowers();
  followers.add(() => Promise.reject(new Error('gone')));
  await followers.look();
  followers.add(() => new Promise(() => {}));
  const startMs = performance.now();
  await followers.look();
  expect(performance.now() - startMs).toBeGreaterThan(900);
  expect(performance.now() - startMs).toBeLessThan(3000);
});
