import { describe, expect, it, onTestFinished } from 'vitest';
import { makeAdminToken } from '../../../src/access/api-tokens/api-tokens.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createMovedClock, openControlAt } from '../../unit/tokens/support/control.ts';

describeOnControlStore((stores) => {
  async function newPlace() {
    const place = await stores.create();
    onTestFinished(place.remove);
    return place;
  }
  // A start of the process; again with another ADMIN_TOKEN, as after a restart.
  const start = openControlAt;

  describe('a signed-in dashboard', () => {
    it('ends when the ADMIN_TOKEN that it signed in with is replaced, or taken away', async () => {
      const [place, clock] = [await newPlace(), createMovedClock()];
      const old = 'an old administrator token, 32 characters';
      const first = await start(place, clock, old);
      const session = await first.uiSessions.open(old);
      if (session === undefined) throw new Error('not signed in');
      expect((await first.uiSessions.find(session.id))?.principal.scopes).toContain('admin');

      const same = await start(place, clock, old);
      expect(await same.uiSessions.find(session.id)).toBeDefined();
      const replaced = await start(place, clock, 'a new administrator token, 32 characters');
      expect(await replaced.uiSessions.find(session.id)).toBeUndefined();
      const without = await start(place, clock);
      expect(await without.uiSessions.find(session.id)).toBeUndefined();
    });

    it('ends when the administrator token is made anew', async () => {
      const control = await start(await newPlace(), createMovedClock());
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

    it('lasts 12 hours, to the millisecond, and is then swept away', async () => {
      const clock = createMovedClock();
      const control = await start(await newPlace(), clock);
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
