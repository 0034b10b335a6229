import { describe, expect, it, onTestFinished } from 'vitest';
import { makeAdminToken } from '../../../src/access/api-tokens/api-tokens.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createManualClock, openControlAt } from '../../unit/tokens/support/control.ts';

describeOnControlStore((stores) => {
  async function createDatabase() {
    const database = await stores.create();
    onTestFinished(database.remove);
    return database;
  }
  // Each call represents a process start. Another ADMIN_TOKEN represents a restart with a changed setting.
  const start = openControlAt;

  describe('a dashboard session', () => {
    it('becomes invalid when the ADMIN_TOKEN that created it is replaced or removed', async () => {
      const [database, clock] = [await createDatabase(), createManualClock()];
      const old = 'an old administrator token, 32 characters';
      const first = await start(database, clock, old);
      const session = await first.uiSessions.open(old);
      if (session === undefined) throw new Error('not signed in');
      expect((await first.uiSessions.find(session.id))?.principal.scopes).toContain('admin');

      const restarted = await start(database, clock, old);
      expect(await restarted.uiSessions.find(session.id)).toBeDefined();
      const replaced = await start(database, clock, 'a new administrator token, 32 characters');
      expect(await replaced.uiSessions.find(session.id)).toBeUndefined();
      const withoutToken = await start(database, clock);
      expect(await withoutToken.uiSessions.find(session.id)).toBeUndefined();
    });

    it('becomes invalid when the administrator token is renewed', async () => {
      const control = await start(await createDatabase(), createManualClock());
      const old = makeAdminToken();
      await control.tokens.setAdmin(old);
      const session = await control.uiSessions.open(old);
      if (session === undefined) throw new Error('not signed in');
      expect(await control.uiSessions.find(session.id)).toBeDefined();

      const renewed = makeAdminToken();
      await control.tokens.setAdmin(renewed);
      expect(await control.tokens.authenticate(old)).toBeUndefined();
      expect(await control.tokens.authenticate(renewed)).toBeDefined();
      expect(await control.uiSessions.find(session.id)).toBeUndefined();
      expect(await control.uiSessions.open(renewed)).toBeDefined();
    });

    it('is valid for exactly 12 hours, and its row is deleted when the next dashboard session is created', async () => {
      const clock = createManualClock();
      const control = await start(await createDatabase(), clock);
      const token = makeAdminToken();
      await control.tokens.setAdmin(token);
      const session = await control.uiSessions.open(token);
      if (session === undefined) throw new Error('not signed in');
      expect(session.expiresAtMs).toBe(clock.ms + 12 * 3_600_000);
      clock.ms = session.expiresAtMs - 1;
      expect(await control.uiSessions.find(session.id)).toBeDefined();
      clock.ms = session.expiresAtMs;
      expect(await control.uiSessions.find(session.id)).toBeUndefined();
      await control.uiSessions.open(token);
      expect(await control.store.selectFrom('ui_sessions').selectAll().execute()).toHaveLength(1);
    });
  });
});
