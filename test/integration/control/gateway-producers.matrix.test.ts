import { expect, it, onTestFinished, vi } from 'vitest';
import { completeThrough } from '../../../src/completeness/complete-through.ts';
import { createGateways } from '../../../src/completeness/gateways.ts';
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

  it('a retired gateway is listed as retired, and a retired legacy producer as ended', async () => {
    const registry = await open();
    const clock = createManualClock();
    const nowMs = clock.nowMs();
    await registry.register('gone', 'host-1', nowMs - 120_000);
    await registry.register('live', 'host-2', nowMs - 1000);
    const unwatched = ['foreign', 'old'];
    const readState = async () => {
      const ended = await registry.ended(unwatched);
      const legacy = ['old'].filter((producer) => !ended.has(producer));
      return { registered: await registry.open(), stored: [], legacy };
    };
    const gateways = createGateways({
      reader: { readState },
      stored: { unwatched: async () => unwatched },
      ...{ registry, clock },
    });
    const states = async () => (await gateways.list()).map(({ producer, state }) => `${producer} ${state}`);
    expect(await states()).toEqual(['gone gone', 'live live', 'old legacy', 'foreign unwatched']);
    expect(await gateways.retire('unknown')).toEqual([]);
    expect(await gateways.retire('old')).toEqual([]);
    expect(await gateways.retire('host-1')).toEqual(['gone']);
    expect(await gateways.retire('host-1')).toEqual([]);
    expect(await gateways.retire('foreign')).toEqual(['foreign']);
    expect(await states()).toEqual(['live live', 'gone retired', 'old legacy']);
    expect(await gateways.retireLegacy()).toEqual(['old']);
    expect(await states()).toEqual(['live live', 'gone retired']);
    expect(completeThrough(await readState(), nowMs)).toBe(nowMs - 1000);
  });
});
