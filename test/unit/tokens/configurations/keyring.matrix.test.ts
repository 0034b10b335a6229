import { describe, expect, it } from 'vitest';
import { createKeyring, privateKeyContext } from '../../../../src/tokens/configurations/keyring.ts';
import { describeOnControlStore } from '../../../support/services/control-store-matrix.ts';
import {
  addConfiguration,
  createManualClock,
  openTemporaryControl,
  organisation,
} from '../support/control.ts';

describeOnControlStore((stores) => {
  describe('concurrent reloads of the keyring', () => {
    it('keep the newer state, whatever reload finishes last', async () => {
      const control = await openTemporaryControl(createManualClock(), stores);
      const id = await addConfiguration(control);
      const { configurationStore, sealer, configurations } = control;

      // Blocks the first reload after it has read the store. The test then makes a change and loads it before the
      // first reload continues.
      let release = () => {};
      let holdNext = false;
      const store = {
        ...configurationStore,
        async readKeyring() {
          const entries = await configurationStore.readKeyring();
          if (holdNext) {
            holdNext = false;
            await new Promise<void>((resolve) => {
              release = resolve;
            });
          }
          return entries;
        },
      };
      const keyring = await createKeyring({ store, sealer });
      holdNext = true;
      const stale = keyring.reload();
      await expect.poll(() => holdNext).toBe(false);
      await configurations.change(id, { enabled: false }, organisation);
      await keyring.reload();
      expect(keyring.find(id)?.isUsable).toBe(false);

      release();
      await stale;
      expect(keyring.find(id)?.isUsable).toBe(false);
    });
  });

  describe('the keyring', () => {
    it('contains every configuration that is not deleted, and lists the newest key of a configuration first', async () => {
      const control = await openTemporaryControl(createManualClock(), stores);
      const kept = await addConfiguration(control);
      const disabled = await addConfiguration(control);
      const deleted = await addConfiguration(control);
      await control.configurations.change(disabled, { enabled: false }, organisation);
      await control.configurations.delete(deleted, organisation);
      const [key] = control.keyring.find(kept)?.keys ?? [];
      const row = { configuration_id: kept, public_key_digest: '', private_key: 'x', accepted_until: 5 };
      await control.store
        .insertInto('configuration_keys')
        .values([
          { ...row, id: 'older', created_at: 1 },
          { ...row, id: 'newer', created_at: Date.UTC(2027, 0, 1) },
        ])
        .execute();
      await control.keyring.reload();

      const entry = control.keyring.find(kept);
      expect(entry?.keys.map(({ id }) => id)).toEqual(['newer', key?.id, 'older']);
      expect(entry?.keys.map(({ acceptedUntilMs }) => acceptedUntilMs)).toEqual([5, undefined, 5]);
      expect(control.keyring.find(disabled)?.isUsable).toBe(false);
      expect(control.keyring.find(deleted)).toBeUndefined();
    });
  });

  describe('an encrypted private key', () => {
    it('can be decrypted only with the id of its row and the master key that encrypted it', async () => {
      const control = await openTemporaryControl(createManualClock(), stores);
      const id = await addConfiguration(control);
      const [key] = control.keyring.find(id)?.keys ?? [];
      if (key === undefined) throw new Error('no key');
      expect(control.keyring.privateKey(key).pkcs8().length).toBeGreaterThan(1000);
      expect(() => control.keyring.privateKey({ ...key, id: 'another-row' }).pkcs8()).toThrow();
      expect(() => control.sealer.open(key.sealedPrivateKey, privateKeyContext('another-row'))).toThrow();

      const stranger = await openTemporaryControl(createManualClock(), stores);
      expect(() => stranger.keyring.privateKey(key).pkcs8()).toThrow(/sealed with master key/);
    });
  });
});
