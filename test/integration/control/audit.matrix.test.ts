import { describe, expect, it, onTestFinished } from 'vitest';
import { type AuditFilter, createAuditLog } from '../../../src/access/audit/audit.ts';
import type { CursorPosition } from '../../../src/platform/http/routes/paging.ts';
import { openControl } from '../../support/control.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createManualClock } from '../../unit/tokens/support/control.ts';

const entry = {
  ...{ actor: 'command-line:alice', action: 'integrity.repair', target: 'session_events' },
  details: { n: 1 },
};

/** Tests the audit log on each control store. */
describeOnControlStore((stores) => {
  async function openAudit() {
    const clock = createManualClock();
    const database = await stores.create();
    onTestFinished(database.remove);
    const control = await openControl({ ...database.config, adminToken: undefined }, clock);
    onTestFinished(() => control.store.destroy());
    return { audit: createAuditLog(control.store, clock), clock };
  }

  describe(`the audit log on ${stores.name}`, () => {
    it('lists actor, action, time and result of each entry, newest first', async () => {
      const { audit, clock } = await openAudit();
      await audit.record({ ...entry, result: 'OK' });
      clock.ms += 1000;
      await audit.record({ ...entry, result: 'FAIL', details: { reason: 'it\'s "so"' } });
      expect(await audit.list(10)).toEqual([
        {
          ...entry,
          id: expect.any(String),
          atMs: clock.ms,
          result: 'FAIL',
          details: { reason: 'it\'s "so"' },
        },
        { ...entry, id: expect.any(String), atMs: clock.ms - 1000, result: 'OK' },
      ]);
      expect(await audit.list(1)).toHaveLength(1);
    });

    it('lists entries by actor, action, target and result, page by page', async () => {
      const { audit, clock } = await openAudit();
      for (const actor of ['command-line:alice', 'command-line:bob', 'command-line:alice']) {
        clock.ms += 1000;
        await audit.record({ ...entry, actor, target: `of ${actor}`, result: 'OK' });
      }
      await audit.record({ ...entry, action: 'gateway.retire', result: 'FAIL' });
      const list = async (filter: AuditFilter, limit = 10, after?: CursorPosition) =>
        audit.list(limit, after, undefined, filter);
      const ofAlice = { actor: 'command-line:alice', action: 'integrity.repair' };
      const [newest] = await list(ofAlice, 1);
      const rest = await list(ofAlice, 10, [newest?.atMs ?? 0, newest?.id ?? '']);
      expect([newest?.atMs, rest.map(({ atMs }) => atMs)]).toEqual([clock.ms, [clock.ms - 2000]]);
      expect(await list({ target: 'of command-line:bob' })).toHaveLength(1);
      expect((await list({ result: 'FAIL' })).map(({ action }) => action)).toEqual(['gateway.retire']);
      expect(await list({ ...ofAlice, result: 'FAIL' })).toEqual([]);
    });

    it('records an action before it starts, and its result afterwards', async () => {
      const { audit } = await openAudit();
      let linesBefore = 0;
      await audit.around(entry, async () => {
        linesBefore = (await audit.list(10)).length;
        return { removed: 2 };
      });
      expect(linesBefore).toBe(1);
      const failing = audit.around(entry, () => Promise.reject(new Error('no')));
      await expect(failing).rejects.toThrow('no');
      const results = (await audit.list(10)).map(({ result, details }) => ({ result, details }));
      expect(results).toHaveLength(4);
      expect(results).toContainEqual({ result: 'OK', details: { n: 1, removed: 2 } });
      expect(results).toContainEqual({ result: 'FAIL', details: { n: 1 } });
    });
  });
});
