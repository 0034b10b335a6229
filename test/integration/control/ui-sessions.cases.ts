import { describe, expect, it, onTestFinished } from 'vitest';
import { makeAdminToken } from '../../../src/access/api-tokens.ts';
import { openControl } from '../../../src/app/control.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { createMovedClock, type MovedClock } from '../../unit/tokens/support/control.ts';

/** A control store as a start of the process opens it; again with another ADMIN_TOKEN, as after a restart. */
async function start(dataDir: string, clock: MovedClock, adminToken?: string) {
  const control = await openControl({ dataDir, masterKey: undefined, adminToken }, clock);
  onTestFinished(() => control.store.destroy());
  return control;
}

describe('a signed-in dashboard', () => {
  it('ends when the ADMIN_TOKEN that it signed in with is replaced, or taken away', async () => {
    const [dataDir, clock] = [temporaryDirectory('ui'), createMovedClock()];
    const old = 'an old administrator token, 32 characters';
    const first = await start(dataDir, clock, old);
    const session = await first.uiSessions.open(old);
    if (session === undefined) throw new Error('not signed in');
    expect((await first.uiSessions.find(session.id))?.principal.scopes).toContain('admin');

    const same = await start(dataDir, clock, old);
    expect(await same.uiSessions.find(session.id)).toBeDefined();
    const replaced = await start(dataDir, clock, 'a new administrator token, 32 characters');
    expect(await replaced.uiSessions.find(session.id)).toBeUndefined();
    const without = await start(dataDir, clock);
    expect(await without.uiSessions.find(session.id)).toBeUndefined();
  });

  it('ends when the administrator token is made anew', async () => {
    const control = await start(temporaryDirectory('ui'), createMovedClock());
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
    const control = await start(temporaryDirectory('ui'), clock);
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
