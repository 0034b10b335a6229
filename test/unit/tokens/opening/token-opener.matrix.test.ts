import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mintToken } from '../../../../src/tokens/issuing/mint.ts';
import type { Control } from '../../../support/control.ts';
import { describeOnControlStore } from '../../../support/services/control-store-matrix.ts';
import {
  addConfiguration,
  createMovedClock,
  createWatchedOpener,
  mint,
  openControlAt,
  openTemporaryControl,
  organisation,
  sealPrivateKey,
} from '../support/control.ts';

describeOnControlStore((stores) => {
  async function setUp() {
    const clock = createMovedClock();
    const control = await openTemporaryControl(clock, stores);
    const opener = createWatchedOpener(control, clock);
    const id = await addConfiguration(control);
    return { clock, control, opener, id, token: await mint(id) };
  }

  /** A new key pair for a configuration, as a rotation makes one; the ones before are accepted until then. */
  async function rotate(control: Control, id: string, acceptOldUntilMs: number, nowMs: number) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await control.store.updateTable('configuration_keys').set({ accepted_until: acceptOldUntilMs }).execute();
    const key = { id: 'rotated', private_key: sealPrivateKey(control, 'rotated', privateKey) };
    const rest = { configuration_id: id, public_key_digest: '', accepted_until: null, created_at: nowMs };
    await control.store
      .insertInto('configuration_keys')
      .values({ ...key, ...rest })
      .execute();
    await control.keyring.reload();
    return mint(id, { sub: 'bob' }, publicKey);
  }

  describe('a remembered token', () => {
    it('is opened once, and is the same each time', async () => {
      const { opener, token, id } = await setUp();
      const first = await opener.open(token);
      expect(first).toMatchObject({ ok: true, token: { configurationId: id, claims: { subject: 'alice' } } });
      const again = { ...first, token: { ...(first.ok && first.token), isCached: true } };
      expect(await opener.open(token)).toEqual(again);
      expect(await opener.open(token)).toEqual(again);
      expect(opener.openings()).toBe(1);
    });

    it('stops when its configuration is disabled, and goes on when it is enabled', async () => {
      const { opener, token, id, control } = await setUp();
      await opener.open(token);
      await control.configurations.change(id, { enabled: false }, organisation);
      expect(await opener.open(token)).toMatchObject({ ok: false, reason: 'disabled' });
      await control.configurations.change(id, { enabled: true }, organisation);
      expect((await opener.open(token)).ok).toBe(true);
    });

    it('stops for good when its configuration is deleted', async () => {
      const { opener, token, id, control } = await setUp();
      await opener.open(token);
      await control.configurations.delete(id, organisation);
      expect(await opener.open(token)).toEqual({ ok: false, reason: 'unknown-configuration' });
    });

    it('ends with its key after a rotation, to the millisecond, and the new key works', async () => {
      const { opener, token, id, control, clock } = await setUp();
      await opener.open(token);
      const endMs = clock.ms + 60_000;
      const newToken = await rotate(control, id, endMs, clock.ms + 1);
      clock.ms = endMs - 1;
      expect((await opener.open(token)).ok).toBe(true);
      expect(await opener.open(newToken)).toMatchObject({ ok: true, token: { keyId: 'rotated' } });
      // And with the old key, not only from memory.
      expect((await opener.open(await mint(id))).ok).toBe(true);
      clock.ms = endMs;
      expect(await opener.open(token)).toMatchObject({ ok: false, reason: 'undecryptable' });
      expect((await opener.open(newToken)).ok).toBe(true);
    });

    it('that no key opens costs as many openings as there are keys at most, while there are: whoever it names', async () => {
      const { opener, id, control, clock } = await setUp();
      const other = await addConfiguration(control);
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
        return all;
      };
      expect(await costs()).toEqual([2, 2, 2]);
      clock.ms = endMs;
      expect(await costs()).toEqual([1, 1, 1]);
    });

    it('is not one that was refused', async () => {
      const { opener, token, id, control } = await setUp();
      await control.configurations.change(id, { enabled: false }, organisation);
      await opener.open(token);
      await opener.open(token);
      expect(opener.openings()).toBe(2);
    });
  });

  describe('a change while a token is being opened', () => {
    it.each([
      [
        'disabling',
        ({ configurations }: Control, id: string) =>
          configurations.change(id, { enabled: false }, organisation),
      ],
      ['deleting', ({ configurations }: Control, id: string) => configurations.delete(id, organisation)],
    ])('%s refuses it, and it is not remembered', async (_, change) => {
      const { opener, token, id, control } = await setUp();
      opener.hold = async () => {
        await change(control, id);
      };
      expect(await opener.open(token)).toMatchObject({ ok: false, reason: 'disabled' });
      opener.hold = () => {};
      expect((await opener.open(token)).ok).toBe(false);
    });
  });

  describe('another process', () => {
    it('is noticed at the next refresh, whatever it changes', async () => {
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

    it('may take the store away: what is known goes on', async () => {
      const { opener, token, control } = await setUp();
      await control.store.schema.alterTable('revisions').renameTo('gone').execute();
      onTestFinished(() => control.store.schema.alterTable('gone').renameTo('revisions').execute());
      await expect(control.keyring.refresh()).rejects.toThrow('revisions');
      expect((await opener.open(token)).ok).toBe(true);
    });
  });

  describe('configurations beside each other', () => {
    it('open their own tokens only, whatever kid another one writes', async () => {
      const { opener, control, id } = await setUp();
      const other = await control.configurations.create('Other', organisation);
      const mintWith = (kid: string) =>
        mintToken({ configurationId: kid, publicKeyPem: other.publicKeyPem, claims: { sub: 'mallory' } });
      expect(await opener.open(await mintWith(id))).toMatchObject({ ok: false, reason: 'undecryptable' });
      expect((await opener.open(await mintWith(other.configuration.id))).ok).toBe(true);
    });

    it('have ids of their own: names that objects have are unknown, and cost an opening all the same', async () => {
      const { opener } = await setUp();
      for (const kid of ['', '__proto__', 'constructor', 'toString', '0', 'f'.repeat(24)]) {
        const before = opener.openings();
        expect(await opener.open(await mint(kid))).toEqual({ ok: false, reason: 'unknown-configuration' });
        expect(opener.openings()).toBe(before + 1);
      }
    });
  });
});
