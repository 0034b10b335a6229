import { describe, expect, it, onTestFinished } from 'vitest';
import { createLinkCodes } from '../../../src/gateway/links/link-codes.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';
import { createMovedClock, openControlAt } from '../../unit/tokens/support/control.ts';

const session = {
  sessionId: '0199d4a2-0000-7000-8000-000000000001',
  initialiser: 'initialiser-marker-7f3a',
  webSessionToken: 'wms1.key.session-token-marker-7f3a',
  expiresAtMs: Date.UTC(2026, 10, 21, 16),
};

describeOnControlStore((stores) => {
  /** Two gateways on one control store. */
  async function twoGateways() {
    const place = await stores.create();
    onTestFinished(place.remove);
    const clock = createMovedClock();
    const [first, second] = [await openControlAt(place, clock), await openControlAt(place, clock)];
    const codesOf = ({ store }: typeof first) => createLinkCodes({ control: store, clock });
    return { place, clock, first: codesOf(first), second: codesOf(second), store: first.store };
  }

  describe('the code of a link', () => {
    it('is redeemed once, by whichever gateway is asked first', async () => {
      const { first, second } = await twoGateways();
      const code = await first.issue(session);
      expect(code).toMatch(/^[\w-]{43}$/);
      expect(await second.redeem(code)).toEqual(session);
      expect(await second.redeem(code)).toBeUndefined();
      expect(await first.redeem(code)).toBeUndefined();
    });

    it('is redeemed once, however many ask at once', async () => {
      const { first, second } = await twoGateways();
      const codes = await Promise.all(Array.from({ length: 5 }, () => first.issue(session)));
      const asked = codes.flatMap((code) =>
        Array.from({ length: 6 }, (_, turn) => (turn % 2 === 0 ? first : second).redeem(code)),
      );
      const found = (await Promise.all(asked)).filter((one) => one !== undefined);
      expect(found).toEqual(Array(5).fill(session));
    });

    it('lasts 60 s, to the millisecond, and is then swept away', async () => {
      const { clock, first, store } = await twoGateways();
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

    it('is another one with any other character, and is never asked for in another shape', async () => {
      const { first } = await twoGateways();
      const code = await first.issue(session);
      const others = [
        code.slice(1),
        `${code}A`,
        ` ${code}`,
        code.toLowerCase(),
        '',
        'a'.repeat(43),
        `${code.slice(0, -1)}\u0000`,
      ];
      for (const other of others) expect(await first.redeem(other)).toBeUndefined();
      expect(await first.redeem(code)).toEqual(session);
    });

    it('does not lie in the store, nor does what it opens', async () => {
      const { place, first } = await twoGateways();
      const code = await first.issue(session);
      const bytes = await place.readBytes();
      expect(bytes.includes('link_codes')).toBe(true);
      for (const secret of [code, session.initialiser, session.webSessionToken, session.sessionId])
        expect(bytes.includes(secret)).toBe(false);
    });
  });
});
