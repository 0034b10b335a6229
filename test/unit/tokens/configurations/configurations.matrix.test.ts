import { createHash, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeOnControlStore } from '../../../support/services/control-store-matrix.ts';
import {
  addConfiguration,
  createManualClock,
  openTemporaryControl,
  organisation,
} from '../support/control.ts';

describeOnControlStore((stores) => {
  async function setUp() {
    const clock = createManualClock();
    const control = await openTemporaryControl(clock, stores);
    return { clock, control, ...control };
  }

  describe('changes of a configuration', () => {
    it('are all kept if they change different members concurrently, so that a rename does not undo a disable', async () => {
      const { control, configurations } = await setUp();
      for (let round = 0; round < 5; round += 1) {
        const id = await addConfiguration(control);
        await Promise.all([
          configurations.change(id, { enabled: false }, organisation),
          configurations.change(id, { name: 'Renamed' }, organisation),
        ]);
        expect(await configurations.get(id, organisation)).toMatchObject({ name: 'Renamed', enabled: false });
        expect(control.keyring.find(id)?.isUsable).toBe(false);
      }
    });

    it('return the changed configuration', async () => {
      const { control, configurations } = await setUp();
      const id = await addConfiguration(control, 'Before');
      const changed = await configurations.change(id, { name: 'After' }, organisation);
      expect(changed).toMatchObject({ id, name: 'After', enabled: true, organisationId: organisation });
      expect(await configurations.get(id, organisation)).toEqual(changed);
    });

    it('are rejected after the configuration was deleted, as is a second deletion', async () => {
      const { control, configurations, configurationStore } = await setUp();
      const id = await addConfiguration(control);
      const both = await Promise.allSettled([
        configurations.delete(id, organisation),
        configurations.change(id, { enabled: true }, organisation),
      ]);
      expect(both[0].status).toBe('fulfilled');
      const notFound = { code: 'configuration_not_found' };
      await expect(configurations.change(id, { enabled: true }, organisation)).rejects.toMatchObject(
        notFound,
      );
      await expect(configurations.delete(id, organisation)).rejects.toMatchObject(notFound);
      await expect(configurations.get(id, organisation)).rejects.toMatchObject(notFound);
      expect((await configurationStore.listIncludingDeleted(organisation))[0]?.deletedAtMs).toBeDefined();
    });

    it('are limited to the organisation that owns the configuration', async () => {
      const { control, configurations } = await setUp();
      const id = await addConfiguration(control);
      const notFound = { code: 'configuration_not_found' };
      await expect(configurations.get(id, 'other')).rejects.toMatchObject(notFound);
      await expect(configurations.change(id, { name: 'x' }, 'other')).rejects.toMatchObject(notFound);
      await expect(configurations.delete(id, 'other')).rejects.toMatchObject(notFound);
      expect(await configurations.get(id, undefined)).toMatchObject({ name: 'Portal', enabled: true });
      expect(await configurations.list('other', 50)).toEqual([]);
    });
  });

  describe('a new configuration', () => {
    it('has a random id and a 2048-bit RSA key pair, of which the store contains neither key in plain text', async () => {
      const { configurations, place, store } = await setUp();
      const created = await configurations.create('Portal', organisation);
      expect(created.configuration.id).toMatch(/^[0-9a-f]{24}$/);
      expect(created.configuration).toMatchObject({ name: 'Portal', enabled: true, deletedAtMs: undefined });
      const publicKey = createPublicKey(created.publicKeyPem);
      expect(publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65_537n });

      const spki = publicKey.export({ type: 'spki', format: 'der' });
      const rows = await store.selectFrom('configuration_keys').selectAll().execute();
      expect(rows).toHaveLength(1);
      expect(rows[0]?.public_key_digest).toBe(createHash('sha256').update(spki).digest('hex'));
      const onDisk = await place.readBytes();
      expect(onDisk.includes('v1.')).toBe(true);
      const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
      for (const key of [spki, spki.subarray(30, 60), modulus.subarray(0, 32), 'PUBLIC KEY', 'PRIVATE KEY']) {
        expect(onDisk.includes(key)).toBe(false);
      }
    });
  });

  describe('the list of configurations', () => {
    it('starts with the newest configuration, and its pages have no repetitions or gaps even if timestamps are equal', async () => {
      const { control, configurations, store } = await setUp();
      const ids: string[] = [];
      for (let index = 0; index < 7; index += 1) ids.push(await addConfiguration(control));
      await store
        .updateTable('token_configurations')
        .set({ created_at: 9 })
        .where('id', 'in', ids.slice(0, 4))
        .execute();
      await configurations.delete(ids[6] as string, organisation);

      const seen: string[] = [];
      let after: { createdAtMs: number; id: string } | undefined;
      let newestMs = Number.POSITIVE_INFINITY;
      for (;;) {
        const page = await configurations.list(organisation, 2, after);
        for (const { id, createdAtMs } of page) {
          expect(createdAtMs).toBeLessThanOrEqual(newestMs);
          newestMs = createdAtMs;
          seen.push(id);
        }
        after = page.at(-1);
        if (page.length < 2) break;
      }
      expect(seen).toHaveLength(6);
      expect(new Set(seen)).toEqual(new Set(ids.slice(0, 6)));
    });

    it('orders equal timestamps by the bytes of the ids, because cursors depend on this order', async () => {
      const { configurations, configurationStore } = await setUp();
      const ids = ['a', 'B', 'b', 'A', '-', '_a', 'ä', '0', '\u{1f600}', '\uff5e', 'aB', 'ab'];
      const times = { createdAtMs: 5, deletedAtMs: undefined };
      for (const id of ids) {
        await configurationStore.insert(
          { id, organisationId: organisation, name: id, enabled: true, ...times },
          { id, publicKeyDigest: '', sealedPrivateKey: '' },
        );
      }
      const expected = [...ids].sort((left, right) => Buffer.compare(Buffer.from(right), Buffer.from(left)));
      expect((await configurations.list(organisation, 50)).map(({ id }) => id)).toEqual(expected);
      for (const [index, id] of expected.entries()) {
        const rest = await configurations.list(organisation, 50, { createdAtMs: 5, id });
        expect(rest.map((configuration) => configuration.id)).toEqual(expected.slice(index + 1));
      }
    });
  });
});
