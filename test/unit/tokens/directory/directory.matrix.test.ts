import { describe, expect, it } from 'vitest';
import {
  createDirectoryStore,
  createRegisteredDirectory,
} from '../../../../src/tokens/directory/directory-store.ts';
import { describeOnControlStore } from '../../../support/services/control-store-matrix.ts';
import { createManualClock, openTemporaryControl, organisation } from '../support/control.ts';

describeOnControlStore((stores) => {
  async function setUp() {
    const control = await openTemporaryControl(createManualClock(), stores);
    await control.store
      .insertInto('organisations')
      .values({ id: 'other', name: 'Other', created_at: 1, viewer_key: '' })
      .execute();
    const store = createDirectoryStore(control.store);
    return { store, directory: createRegisteredDirectory(store) };
  }
  const items = (...ids: string[]) => ids.map((id) => ({ id, dataSources: [] }));
  const idsOf = (entries: readonly { id: string }[]) => entries.map(({ id }) => id);

  describe('createDirectoryStore', () => {
    it('adds an entry, replaces it when an entry with the same id is added, and deletes it', async () => {
      const { store } = await setUp();
      await store.upsert('resources', organisation, [{ id: 'dashboards/1', dataSources: ['A'] }], 1);
      await store.upsert('resources', organisation, [{ id: 'dashboards/1', dataSources: ['B', 'C'] }], 2);
      expect(await store.list('resources', organisation, 10, undefined)).toEqual([
        { id: 'dashboards/1', dataSources: ['B', 'C'] },
      ]);
      expect(await store.delete('resources', organisation, ['dashboards/1', 'dashboards/2'])).toBe(1);
      expect(await store.isEmpty('resources', organisation)).toBe(true);
    });

    it('stores the last entry if one call contains two entries with the same id', async () => {
      const { store } = await setUp();
      const twice = [
        { id: 'a/1', dataSources: ['first'] },
        { id: 'a/1', dataSources: ['last'] },
      ];
      await store.upsert('resources', organisation, twice, 1);
      expect(await store.find('resources', organisation, ['a/1'])).toEqual(new Map([['a/1', ['last']]]));
    });

    it('separates the entries of different organisations', async () => {
      const { store } = await setUp();
      await store.upsert('subjects', organisation, items('alice'), 1);
      expect(await store.find('subjects', 'other', ['alice'])).toEqual(new Map());
      expect(await store.delete('subjects', 'other', ['alice'])).toBe(0);
      expect(await store.list('subjects', 'other', 10, undefined)).toEqual([]);
      expect(await store.isEmpty('subjects', 'other')).toBe(true);
      expect(await store.isEmpty('subjects', organisation)).toBe(false);
    });

    it('lists thousands of entries in pages, ordered by the bytes of their ids', async () => {
      const { store } = await setUp();
      const ids = [
        'a',
        'B',
        'ä',
        '\u{1f600}',
        '\uff5e',
        ...Array.from({ length: 1200 }, (_, n) => `viewer-${n}`),
      ];
      await store.upsert('subjects', organisation, items(...ids), 1);
      const sorted = [...ids].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
      const first = idsOf(await store.list('subjects', organisation, 700, undefined));
      const rest = idsOf(await store.list('subjects', organisation, 700, first.at(-1)));
      expect([...first, ...rest]).toEqual(sorted);
      expect((await store.find('subjects', organisation, ids)).size).toBe(ids.length);
      expect(await store.delete('subjects', organisation, ids)).toBe(ids.length);
    });

    it('finds no entry for ids with invalid characters or SQL syntax, and deletes none', async () => {
      const { store } = await setUp();
      for (const id of ['a\0b', '\ud800', "'; DROP TABLE directory_subjects; --", '']) {
        expect((await store.find('subjects', organisation, [id])).size).toBe(0);
        expect(await store.delete('subjects', organisation, [id])).toBe(0);
      }
    });
  });

  describe('createRegisteredDirectory', () => {
    const question = {
      organisationId: organisation,
      subject: 'alice',
      resources: ['dashboards/1', 'dashboards/2'],
    };

    it('reports separately whether the subject and the resources could be checked', async () => {
      const { store, directory } = await setUp();
      expect(await directory.ask(question)).toMatchObject({
        subject: { unchecked: 'no subjects are registered' },
        resources: { unchecked: 'no resources are registered' },
      });
      await store.upsert('subjects', 'other', items('alice'), 1);
      expect((await directory.ask(question)).subject).toMatchObject({ unchecked: expect.any(String) });
      await store.upsert('subjects', organisation, items('bob'), 1);
      expect(await directory.ask(question)).toMatchObject({
        subject: 'unknown',
        resources: { unchecked: expect.any(String) },
      });
      await store.upsert('subjects', organisation, items('alice'), 1);
      await store.upsert('resources', organisation, [{ id: 'dashboards/2', dataSources: ['Sales'] }], 1);
      expect(await directory.ask(question)).toEqual({
        subject: 'known',
        resources: new Map([['dashboards/2', ['Sales']]]),
      });
    });
  });
});
