import { describe, expect, it, onTestFinished } from 'vitest';
import { createFirstPageLoads } from '../../../src/gateway/forward-auth/first-page-loads.ts';
import { createGrantStore } from '../../../src/gateway/sessions/sealed/grant-store.ts';
import { createSharedSealing } from '../../../src/gateway/sessions/sealed/shared-sealing.ts';
import { uuidv7 } from '../../../src/platform/crypto/uuid.ts';
import { loadSharedKeys } from '../../../src/platform/sql/shared-keys.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createManualClock, openControlAt } from '../../unit/tokens/support/control.ts';

const minuteMs = 60_000;

/** Tests the session state that several gateways share in one control store. */
describeOnControlStore((stores) => {
  async function setUp() {
    const clock = createManualClock();
    const database = await stores.create();
    onTestFinished(database.remove);
    const open = async () => {
      const control = await openControlAt(database, clock);
      const keys = await loadSharedKeys(control.store, control.sealer, 'session-token', clock.ms);
      const sealing = createSharedSealing(keys);
      const grantStore = createGrantStore({ control: control.store, sealing, clock });
      const firstPageLoads = createFirstPageLoads({ control: control.store, clock });
      return {
        ...grantStore,
        take: firstPageLoads.take,
        removeTaken: firstPageLoads.removeEnded,
        store: control.store,
      };
    };
    return { clock, database, open };
  }

  describe(`the grant store on ${stores.name}`, () => {
    it('returns session claims at every gateway and after a restart, and stores them encrypted', async () => {
      const { clock, database, open } = await setUp();
      const firstGateway = await open();
      const [id, grants] = [uuidv7(), `{"sub":"alice-marker"}\n{"thm":"${'日'.repeat(30_000)}"}`];
      await firstGateway.save(id, grants, clock.ms + minuteMs);
      for (const gateway of [firstGateway, await open(), await open()])
        expect(await gateway.find(id)).toBe(grants);
      const bytes = await database.readBytes();
      expect(bytes.includes(id)).toBe(true);
      expect(bytes.includes('alice-marker')).toBe(false);
      expect(await firstGateway.find(uuidv7())).toBeUndefined();
    });

    it('writes the claims of a token once for all sessions of the token', async () => {
      const { clock, open } = await setUp();
      const [first, second] = [await open(), await open()];
      const grants = 'x'.repeat(97_000);
      const written: number[] = [];
      const save = (gateway: typeof first) =>
        gateway.save('digest.exchange', grants, clock.ms + minuteMs, (bytes) => written.push(bytes));
      const rows = () => first.store.selectFrom('session_claims').selectAll().execute();
      await Promise.all(Array.from({ length: 10 }, () => save(first)));
      for (let index = 0; index < 290; index += 1) {
        clock.ms += 1000;
        await save(index % 2 === 0 ? first : second);
      }
      expect(await rows()).toHaveLength(1);
      expect(written).toEqual([expect.any(Number)]);
      expect(written[0]).toBeLessThan(1_000_000);
      // A grant that was deleted, for example because its viewer was forgotten, is written again after a minute.
      await first.store.deleteFrom('session_claims').execute();
      clock.ms += minuteMs;
      await save(second);
      expect(await rows()).toHaveLength(1);
    });

    it('does not write claims that exceed the budget', async () => {
      const { clock, open } = await setUp();
      const gateway = await open();
      const refuse = () => {
        throw new Error('no budget');
      };
      await expect(gateway.save('a', 'grants', clock.ms + minuteMs, refuse)).rejects.toThrow('no budget');
      expect(await gateway.find('a')).toBeUndefined();
    });

    it('does not decrypt the claims of another session', async () => {
      const { clock, open } = await setUp();
      const firstGateway = await open();
      const [id, other] = [uuidv7(), uuidv7()];
      for (const sessionId of [id, other])
        await firstGateway.save(sessionId, `grants of ${sessionId}`, clock.ms + minuteMs);
      const { claims } = await firstGateway.store
        .selectFrom('session_claims')
        .select('claims')
        .where('session_id', '=', other)
        .executeTakeFirstOrThrow();
      await firstGateway.store
        .updateTable('session_claims')
        .set({ claims })
        .where('session_id', '=', id)
        .execute();
      expect(await (await open()).find(id)).toBeUndefined();
    });

    it('keeps claims until the session has expired, whichever gateway renews it', async () => {
      const { clock, open } = await setUp();
      const [first, second] = [await open(), await open()];
      const [id, ending] = [uuidv7(), uuidv7()];
      const startMs = clock.ms;
      for (const sessionId of [id, ending]) await first.save(sessionId, sessionId, startMs + minuteMs);
      expect(await second.extend(id, startMs + 60 * minuteMs)).toBe(true);
      // A gateway that does not know of a longer extension does not shorten the session.
      expect(await first.extend(id, startMs + 2 * minuteMs)).toBe(true);
      // A gateway whose clock is ahead does not remove the claims of a session that has just expired.
      clock.ms = startMs + 2 * minuteMs;
      await second.removeEnded();
      expect(await (await open()).find(ending)).toBe(ending);
      clock.ms = startMs + 60 * minuteMs - 1;
      await first.removeEnded();
      const fresh = await open();
      expect([await fresh.find(id), await fresh.find(ending)]).toEqual([id, undefined]);
      clock.ms = startMs + 80 * minuteMs;
      await second.removeEnded();
      expect(await (await open()).find(id)).toBeUndefined();
      expect(await fresh.extend(ending, clock.ms + minuteMs)).toBe(false);
    });
  });

  describe(`first page loads on ${stores.name}`, () => {
    it('are recorded once if several gateways receive requests concurrently, also after a restart', async () => {
      const { clock, open } = await setUp();
      const gateways = [await open(), await open(), await open()];
      for (let round = 0; round < 10; round += 1) {
        const id = uuidv7();
        const attempts = [...gateways, ...gateways].map(({ take }) => take(id, clock.ms + minuteMs));
        expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1);
        expect(await (round === 0 ? await open() : gateways[0])?.take(id, clock.ms + minuteMs)).toBe(false);
      }
    });

    it('are removed once their session has expired', async () => {
      const { clock, open } = await setUp();
      const firstGateway = await open();
      const id = uuidv7();
      await firstGateway.take(id, clock.ms + minuteMs);
      const rows = async () =>
        (await firstGateway.store.selectFrom('first_page_loads').selectAll().execute()).length;
      clock.ms += minuteMs - 1;
      await firstGateway.removeTaken();
      expect(await rows()).toBe(1);
      clock.ms += 1;
      await firstGateway.removeTaken();
      expect(await rows()).toBe(0);
    });
  });
});
