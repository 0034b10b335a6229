import { describe, expect, it } from 'vitest';
import {
  createDirectoryStore,
  createRegisteredDirectory,
} from '../../../../src/tokens/directory/directory-store.ts';
import { describeOnControlStore } from '../../../support/services/control-store-matrix.ts';
import { createMovedClock, openTemporaryControl, organisation } from '../support/control.ts';

describeOnControlStore((stores) => {
  async function setUp() {
    const control = await openTemporaryControl(createMovedClock(), stores);
    await control.store
      .insertInto('organisations')
      .values({ id: 'other', name: 'Other', created_at: 1, viewer_key: '' })
      .execute();
    const store = createDirectoryStore(control.store);
    return { store, directory: createRegisteredDirectory(store) };
  }
  const items = (...ids: string[]) => ids.map((id) => ({ id, dataSources: [] }));
  const idsOf = (found: readonly { id: string }[]) => found.map(({ id }) => id);

  describe('what is registered', () => {
    it('is added once, replaced by the same id, and deleted', async () => {
      const { store } = await setUp();
      await store.upsert('resources', organisation, [{ id: 'dashboards/1', dataSources: ['A'] }], 1);
      await store.upsert('resources', organisation, [{ id: 'dashboards/1', dataSources: ['B', 'C'] }], 2);
      expect(await store.list('resources', organisation, 10, undefined)).toEqual([
        { id: 'dashboards/1', dataSources: ['B', 'C'] },
      ]);
      expect(await store.delete('resources', organisation, ['dashboards/1', 'dashboards/2'])).toBe(1);
      expect(await store.isEmpty('resources', organisation)).toBe(true);
    });

    it('may hold an id twice in one call: the last one counts', async () => {
      const { store } = await setUp();
      const twice = [
        { id: 'a/1', dataSources: ['first'] },
        { id: 'a/1', dataSources: ['last'] },
      ];
      await store.upsert('resources', organisation, twice, 1);
      expect(await store.find('resources', organisation, ['a/1'])).toEqual(new Map([['a/1', ['last']]]));
    });

    it('is of one organisation', async () => {
      const { store } = await setUp();
      await store.upsert('subjects', organisation, items('alice'), 1);
      expect(await store.find('subjects', 'other', ['alice'])).toEqual(new Map());
      expect(await store.delete('subjects', 'other', ['alice'])).toBe(0);
      expect(await store.list('subjects', 'other', 10, undefined)).toEqual([]);
      expect(await store.isEmpty('subjects', 'other')).toBe(true);
      expect(await store.isEmpty('subjects', organisation)).toBe(false);
    });

    it('is listed by the bytes of the ids, in pages, and comes by thousands', async () => {
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
      const sorted = [...ids].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
      const first = idsOf(await store.list('subjects', organisation, 700, undefined));
      const rest = idsOf(await store.list('subjects', organisation, 700, first.at(-1)));
      expect([...first, ...rest]).toEqual(sorted);
      expect((await store.find('subjects', organisation, ids)).size).toBe(ids.length);
      expect(await store.delete('subjects', organisation, ids)).toBe(ids.length);
    });

    it('is asked for ids that no store can hold', async () => {
      const { store } = await setUp();
      for (const id of ['a\0b', '\ud800', "'; DROP TABLE directory_subjects; --", '']) {
        expect((await store.find('subjects', organisation, [id])).size).toBe(0);
        expect(await store.delete('subjects', organisation, [id])).toBe(0);
      }
    });
  });

  describe('the directory', () => {
    const ask = {
      organisationId: organisation,
      subject: 'alice',
      resources: ['dashboards/1', 'dashboards/2'],
    };

    it('says of each kind whether it could be checked', async () => {
      const { store, directory } = await setUp();
      expect(await directory.ask(ask)).toMatchObject({
        subject: { unchecked: 'no subjects are registered' },
        resources: { unchecked: 'no resources are registered' },
      });
      await store.upsert('subjects', 'other', items('alice'), 1);
      expect((await directory.ask(ask)).subject).toMatchObject({ unchecked: expect.any(String) });
      await store.upsert('subjects', organisation, items('bob'), 1);
      expect(await directory.ask(ask)).toMatchObject({
        subject: 'unknown',
        resources: { unchecked: expect.any(String) },
      });
      await store.upsert('subjects', organisation, items('alice'), 1);
      await store.upsert('resources', organisation, [{ id: 'dashboards/2', dataSources: ['Sales'] }], 1);
      expect(await directory.ask(ask)).toEqual({
        subject: 'known',
        resources: new Map([['dashboards/2', ['Sales']]]),
      });
    });
  });
});
