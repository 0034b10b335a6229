import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mintToken } from '../../../../src/tokens/issuing/mint.ts';
import type { Control } from '../../../support/control.ts';
import { describeOnControlStore } from '../../../support/services/control-store-matrix.ts';
import {
  addConfiguration,
  createManualClock,
  createWatchedOpener,
  mint,
  openControlAt,
  openTemporaryControl,
  organisation,
  sealPrivateKey,
} from '../support/control.ts';

describeOnControlStore((stores) => {
  async function setUp() {
    const clock = createManualClock();
    const control = await openTemporaryControl(clock, stores);
    const opener = createWatchedOpener(control, clock);
    const id = await addConfiguration(control);
    return { clock, control, opener, id, token: await mint(id) };
  }

  /** Adds a new key pair to a configuration, like a rotation. Old keys are accepted until `acceptOldUntilMs`. */
  async function rotate(control: Control, id: string, acceptOldUntilMs: number, nowMs: number) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await control.store
      .updateTable('configuration_keys')
      .set({ accepted_until: acceptOldUntilMs })
      .where('configuration_id', '=', id)
      .execute();
    const key = { id: 'rotated', private_key: sealPrivateKey(control, 'rotated', privateKey) };
    const rest = { configuration_id: id, public_key_digest: '', accepted_until: null, created_at: nowMs };
    await control.store
      .insertInto('configuration_keys')
      .values({ ...key, ...rest })
      .execute();
    await control.keyring.reload();
    return mint(id, { sub: 'bob' }, publicKey);
  }

  describe('createTokenOpener', () => {
    it('decrypts a token once, and returns the same result each time', async () => {
      const { opener, token, id } = await setUp();
      const first = await opener.open(token);
      expect(first).toMatchObject({ ok: true, token: { configurationId: id, claims: { subject: 'alice' } } });
      const again = { ...first, token: { ...(first.ok && first.token), isCached: true } };
      expect(await opener.open(token)).toEqual(again);
      expect(await opener.open(token)).toEqual(again);
      expect(opener.openings()).toBe(1);
    });

    it('rejects a cached token while its configuration is disabled', async () => {
      const { opener, token, id, control } = await setUp();
      await opener.open(token);
      await control.configurations.change(id, { enabled: false }, organisation);
      expect(await opener.open(token)).toMatchObject({ ok: false, reason: 'disabled' });
      await control.configurations.change(id, { enabled: true }, organisation);
      expect((await opener.open(token)).ok).toBe(true);
    });

    it('rejects a cached token after its configuration is deleted', async () => {
      const { opener, token, id, control } = await setUp();
      await opener.open(token);
      await control.configurations.delete(id, organisation);
      expect(await opener.open(token)).toEqual({ ok: false, reason: 'unknown-configuration' });
    });

    it('accepts a cached token until its key expires after a rotation, exact to the millisecond', async () => {
      const { opener, token, id, control, clock } = await setUp();
      await opener.open(token);
      const endMs = clock.ms + 60_000;
      const newToken = await rotate(control, id, endMs, clock.ms + 1);
      clock.ms = endMs - 1;
      expect((await opener.open(token)).ok).toBe(true);
      expect(await opener.open(newToken)).toMatchObject({ ok: true, token: { keyId: 'rotated' } });
      // The old key is also accepted for tokens that are not cached.
      expect((await opener.open(await mint(id))).ok).toBe(true);
      clock.ms = endMs;
      expect(await opener.open(token)).toMatchObject({ ok: false, reason: 'undecryptable' });
      expect((await opener.open(newToken)).ok).toBe(true);
    });

    it('tries as many keys for every rejected token as the configuration with the most keys has', async () => {
      const { opener, id, control, clock } = await setUp();
      const [other, disabled] = [await addConfiguration(control), await addConfiguration(control)];
      await control.configurations.change(disabled, { enabled: false }, organisation);
      const endMs = clock.ms + 60_000;
      await rotate(control, id, endMs, clock.ms + 1);
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const costs = async () => {
        const all: number[] = [];
        for (const named of [id, other, 'f'.repeat(24)]) {
          const before = opener.openings();
          expect((await opener.open(await mint(named, { sub: 'a' }, publicKey))).ok).toBe(false);
          all.push(opener.openings() - before);
        }
        // The key of a disabled configuration decrypts its tokens at the first attempt. The opener adds the other attempts.
        const before = opener.openings();
        expect(await opener.open(await mint(disabled))).toMatchObject({ reason: 'disabled' });
        return [...all, opener.openings() - before];
      };
      expect(await costs()).toEqual([2, 2, 2, 2]);
      clock.ms = endMs;
      expect(await costs()).toEqual([1, 1, 1, 1]);
    });

    it('does not cache a rejected token', async () => {
      const { opener, token, id, control } = await setUp();
      await control.configurations.change(id, { enabled: false }, organisation);
      await opener.open(token);
      await opener.open(token);
      expect(opener.openings()).toBe(2);
    });
  });

  describe('a configuration change during the decryption of a token', () => {
    it.each([
      [
        'disabling',
        ({ configurations }: Control, id: string) =>
          configurations.change(id, { enabled: false }, organisation),
      ],
      ['deleting', ({ configurations }: Control, id: string) => configurations.delete(id, organisation)],
    ])('(%s the configuration) makes the token invalid, and the token is not cached', async (_, change) => {
      const { opener, token, id, control } = await setUp();
      opener.hold = async () => {
        await change(control, id);
      };
      expect(await opener.open(token)).toMatchObject({ ok: false, reason: 'disabled' });
      opener.hold = () => {};
      expect((await opener.open(token)).ok).toBe(false);
    });
  });

  describe('a configuration change by another process', () => {
    it('takes effect at the next refresh', async () => {
      const { opener, token, id, control, clock } = await setUp();
      const other = await openControlAt(control.place, clock);
      await opener.open(token);

      await other.configurations.change(id, { enabled: false }, organisation);
      await control.keyring.refresh();
      expect((await opener.open(token)).ok).toBe(false);

      const second = await addConfiguration(other);
      await control.keyring.refresh();
      expect((await opener.open(await mint(second))).ok).toBe(true);

      await other.configurations.delete(second, organisation);
      await control.keyring.refresh();
      expect((await opener.open(await mint(second))).ok).toBe(false);
    });

    it('leaves known configurations usable if the change makes the control store unreadable', async () => {
      const { opener, token, control } = await setUp();
      await control.store.schema.alterTable('revisions').renameTo('gone').execute();
      onTestFinished(() => control.store.schema.alterTable('gone').renameTo('revisions').execute());
      await expect(control.keyring.refresh()).rejects.toThrow('revisions');
      expect((await opener.open(token)).ok).toBe(true);
    });
  });

  describe('tokens of several configurations', () => {
    it('are decrypted only if their kid belongs to the configuration whose key encrypted them', async () => {
      const { opener, control, id } = await setUp();
      const other = await control.configurations.create('Other', organisation);
      const mintWith = (kid: string) =>
        mintToken({ configurationId: kid, publicKeyPem: other.publicKeyPem, claims: { sub: 'mallory' } });
      expect(await opener.open(await mintWith(id))).toMatchObject({ ok: false, reason: 'undecryptable' });
      expect((await opener.open(await mintWith(other.configuration.id))).ok).toBe(true);
    });

    it('cost one decryption attempt if their kid is unknown, even if it is the name of an Object.prototype member', async () => {
      const { opener } = await setUp();
      for (const kid of ['', '__proto__', 'constructor', 'toString', '0', 'f'.repeat(24)]) {
        const before = opener.openings();
        expect(await opener.open(await mint(kid))).toEqual({ ok: false, reason: 'unknown-configuration' });
        expect(opener.openings()).toBe(before + 1);
      }
    });
  });
});
