import { expect, it, onTestFinished, vi } from 'vitest';
import { createProducerRegistry } from '../../../src/completeness/registry/producer-registry.ts';
import { createRegistration } from '../../../src/completeness/registry/registration.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createManualClock, openControlAt } from '../../unit/tokens/support/control.ts';

describeOnControlStore((stores) => {
  async function open() {
    const database = await stores.create();
    onTestFinished(database.remove);
    const { store } = await openControlAt(database, createManualClock());
    return createProducerRegistry(store);
  }

  it('lists registered producers until they end', async () => {
    const registry = await open();
    await registry.register('b', 'host-2', 2000);
    await registry.register('a', 'host-1', 1000);
    await registry.register('a', 'host-3', 3000);
    expect(await registry.open()).toEqual([
      { producer: 'a', gateway: 'host-1', registeredAtMs: 1000, retired: undefined },
      { producer: 'b', gateway: 'host-2', registeredAtMs: 2000, retired: undefined },
    ]);
    await registry.end(['a', 'unknown'], 4000);
    await registry.end([], 4000);
    expect((await registry.open()).map(({ producer }) => producer)).toEqual(['b']);
    expect(await registry.ended(['a', 'b', 'unknown'])).toEqual(new Set(['a']));
    expect(await registry.ended([])).toEqual(new Set());
  });

  it('a registration that fails is retried, with the time of its start', async () => {
    const registry = await open();
    const clock = createManualClock();
    const startMs = clock.nowMs();
    const register = vi.fn(registry.register).mockRejectedValueOnce(new Error('planned'));
    const logger = createLogger({ logLevel: 'silent' });
    const registration = createRegistration({ registry: { register }, gateway: 'host-1', clock, logger });
    await registration.register('a');
    expect(registration.isRegistered('a')).toBe(true);
    expect(await registry.open()).toMatchObject([{ producer: 'a', registeredAtMs: startMs }]);
    await registration.stop();
  });
});
