import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuditLog } from '../../../src/access/audit/audit.ts';
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
