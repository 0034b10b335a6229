import { describe, expect, it, onTestFinished } from 'vitest';
import { createFirstPageLoads } from '../../../src/gateway/forward-auth/first-page-loads.ts';
import { createGrantStore } from '../../../src/gateway/sessions/grant-store.ts';
import { createSharedSealing } from '../../../src/gateway/sessions/shared-sealing.ts';
import { uuidv7 } from '../../../src/platform/crypto/uuid.ts';
import { loadSharedKeys } from '../../../src/platform/sql/shared-keys.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createMovedClock, openControlAt } from '../../unit/tokens/support/control.ts';

const minuteMs = 60_000;

/** What is kept of open sessions, by several gateways on one control store of any kind. */
describeOnControlStore((stores) => {
  async function setUp() {
    const clock = createMovedClock();
    const place = await stores.create();
    onTestFinished(place.remove);
    const open = async () => {
      const control = await openControlAt(place, clock);
      const keys = await loadSharedKeys(control.store, control.sealer, 'session-token', clock.ms);
      const sealing = createSharedSealing(keys);
      const kept = createGrantStore({ control: control.store, sealing, clock });
      const firstPageLoads = createFirstPageLoads({ control: control.store, clock });
      return {
        ...kept,
        take: firstPageLoads.take,
        removeTaken: firstPageLoads.removeEnded,
        store: control.store,
      };
    };
    return { clock, place, open };
  }

  describe(`claims that do not fit into a session token, on ${stores.name}`, () => {
    it('are found at every gateway, and after a restart; what lies in the store shows nothing', async () => {
      const { clock, place, open } = await setUp();
      const one = await open();
      const [id, grants] = [uuidv7(), `{"sub":"alice-marker"}\n{"thm":"${'日'.repeat(30_000)}"}`];
      await one.save(id, grants, clock.ms + minuteMs);
      for (const gateway of [one, await open(), await open()]) expect(await gateway.find(id)).toBe(grants);
      const bytes = await place.readBytes();
      expect(bytes.includes(id)).toBe(true);
      expect(bytes.includes('alice-marker')).toBe(false);
      expect(await one.find(uuidv7())).toBeUndefined();
    });

    it('are of one session: those of another do not open in their place', async () => {
      const { clock, open } = await setUp();
      const one = await open();
      const [id, other] = [uuidv7(), uuidv7()];
      for (const each of [id, other]) await one.save(each, `grants of ${each}`, clock.ms + minuteMs);
      const { claims } = await one.store
        .selectFrom('session_claims')
        .select('claims')
        .where('session_id', '=', other)
        .executeTakeFirstOrThrow();
      await one.store.updateTable('session_claims').set({ claims }).where('session_id', '=', id).execute();
      expect(await (await open()).find(id)).toBeUndefined();
    });

    it('are there until the session has ended, however often and wherever it is renewed', async () => {
      const { clock, open } = await setUp();
      const [one, other] = [await open(), await open()];
      const [id, ending] = [uuidv7(), uuidv7()];
      const startMs = clock.ms;
      for (const each of [id, ending]) await one.save(each, each, startMs + minuteMs);
      expect(await other.extend(id, startMs + 60 * minuteMs)).toBe(true);
      // A gateway that has not heard of it cuts nothing off.
      expect(await one.extend(id, startMs + 2 * minuteMs)).toBe(true);
      // A gateway whose clock is ahead leaves alone what has only just ended.
      clock.ms = startMs + 2 * minuteMs;
      await other.removeEnded();
      expect(await (await open()).find(ending)).toBe(ending);
      clock.ms = startMs + 60 * minuteMs - 1;
      await one.removeEnded();
      const fresh = await open();
      expect([await fresh.find(id), await fresh.find(ending)]).toEqual([id, undefined]);
      clock.ms = startMs + 80 * minuteMs;
      await other.removeEnded();
      expect(await (await open()).find(id)).toBeUndefined();
      expect(await fresh.extend(ending, clock.ms + minuteMs)).toBe(false);
    });
  });

  describe(`first page loads on ${stores.name}`, () => {
    it('are taken once, of several gateways at once and after a restart', async () => {
      const { clock, open } = await setUp();
      const gateways = [await open(), await open(), await open()];
      for (let round = 0; round < 10; round += 1) {
        const id = uuidv7();
        const asked = [...gateways, ...gateways].map(({ take }) => take(id, clock.ms + minuteMs));
        expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
        expect(await (round === 0 ? await open() : gateways[0])?.take(id, clock.ms + minuteMs)).toBe(false);
      }
    });

    it('are forgotten when the session cannot be open any more', async () => {
      const { clock, open } = await setUp();
      const one = await open();
      const id = uuidv7();
      await one.take(id, clock.ms + minuteMs);
      const rows = async () => (await one.store.selectFrom('first_page_loads').selectAll().execute()).length;
      clock.ms += minuteMs - 1;
      await one.removeTaken();
      expect(await rows()).toBe(1);
      clock.ms += 1;
      await one.removeTaken();
      expect(await rows()).toBe(0);
    });
  });
});
