import { describe, expect, it, onTestFinished } from 'vitest';
import { createLinkCodes } from '../../../src/gateway/links/link-codes.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createManualClock, openControlAt } from '../../unit/tokens/support/control.ts';

const session = {
  sessionId: '0199d4a2-0000-7000-8000-000000000001',
  initialiser: 'initialiser-marker-7f3a',
  webSessionToken: 'wms1.key.session-token-marker-7f3a',
  expiresAtMs: Date.UTC(2026, 10, 21, 16),
};

describeOnControlStore((stores) => {
  /** Creates two gateways on one control store. */
  async function openTwoGateways() {
    const database = await stores.create();
    onTestFinished(database.remove);
    const clock = createManualClock();
    const [first, second] = [await openControlAt(database, clock), await openControlAt(database, clock)];
    const codesOf = ({ store }: typeof first) => createLinkCodes({ control: store, clock });
    return { database, clock, first: codesOf(first), second: codesOf(second), store: first.store };
  }

  describe('a link code', () => {
    it('is redeemed once, by the first gateway that receives it', async () => {
      const { first, second } = await openTwoGateways();
      const code = await first.issue(session);
      expect(code).toMatch(/^[\w-]{43}$/);
      expect(await second.redeem(code)).toEqual(session);
      expect(await second.redeem(code)).toBeUndefined();
      expect(await first.redeem(code)).toBeUndefined();
    });

    it('is redeemed once when several requests redeem it concurrently', async () => {
      const { first, second } = await openTwoGateways();
      const codes = await Promise.all(Array.from({ length: 5 }, () => first.issue(session)));
      const attempts = codes.flatMap((code) =>
        Array.from({ length: 6 }, (_, turn) => (turn % 2 === 0 ? first : second).redeem(code)),
      );
      const redeemed = (await Promise.all(attempts)).filter((result) => result !== undefined);
      expect(redeemed).toEqual(Array(5).fill(session));
    });

    it('is valid for exactly 60 s, and removeExpired deletes its row afterwards', async () => {
      const { clock, first, store } = await openTwoGateways();
      const [early, late] = [await first.issue(session), await first.issue(session)];
      clock.ms += 59_999;
      expect(await first.redeem(early)).toEqual(session);
      await first.removeExpired();
      const rows = () => store.selectFrom('link_codes').selectAll().execute();
      expect(await rows()).toHaveLength(1);
      clock.ms += 1;
      expect(await first.redeem(late)).toBeUndefined();
      await first.removeExpired();
      expect(await rows()).toEqual([]);
    });

    it('is rejected when any character differs or its format is wrong', async () => {
      const { first } = await openTwoGateways();
      const code = await first.issue(session);
      const wrongCodes = [
        code.slice(1),
        `${code}A`,
        ` ${code}`,
        code.toLowerCase(),
        '',
        'a'.repeat(43),
        `${code.slice(0, -1)}\u0000`,
      ];
      for (const wrongCode of wrongCodes) expect(await first.redeem(wrongCode)).toBeUndefined();
      expect(await first.redeem(code)).toEqual(session);
    });

    it('is not stored in plain text, and neither is the session that it returns', async () => {
      const { database, first } = await openTwoGateways();
      const code = await first.issue(session);
      const bytes = await database.readBytes();
      expect(bytes.includes('link_codes')).toBe(true);
      for (const secret of [code, session.initialiser, session.webSessionToken, session.sessionId])
        expect(bytes.includes(secret)).toBe(false);
    });
  });
});
