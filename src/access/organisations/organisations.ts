import { randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { Place } from '../../platform/http/paging.ts';
import type { ControlStore } from '../../platform/sql/schema.ts';
import { nameKeyOf, withUniqueName } from '../../platform/sql/unique-names.ts';

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
}

/** Organisations, and the keys of their viewers' pseudonyms in memory. */
export interface Organisations {
  /** @throws AppError `name_taken`. */
  create(name: string): Promise<Organisation>;
  /** The newest first: all of them, or only the one given. */
  list(only: string | undefined, limit: number, after?: Place): Promise<Organisation[]>;
  /** @throws AppError `control_store_unavailable` while this process has not read of the organisation yet. */
  viewerKeyOf(organisationId: string): Uint8Array;
  /** Reads what another process may have added. */
  refresh(): Promise<void>;
}

/** A fresh install has one organisation. */
export const defaultOrganisationId = 'default';

export async function createOrganisations(deps: {
  control: ControlStore;
  sealer: Sealer;
  clock: Clock;
}): Promise<Organisations> {
  const { control, sealer, clock } = deps;
  let viewerKeys: ReadonlyMap<string, Uint8Array> = new Map();

  await control
    .insertInto('organisations')
    .values({
      id: defaultOrganisationId,
      name: 'Default',
      name_key: nameKeyOf('Default'),
      created_at: clock.nowMs(),
      viewer_key: sealer.seal(randomBytes(32), contextOf(defaultOrganisationId)),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();

  async function refresh(): Promise<void> {
    const rows = await control.selectFrom('organisations').select(['id', 'viewer_key']).execute();
    viewerKeys = new Map(rows.map(({ id, viewer_key }) => [id, sealer.open(viewer_key, contextOf(id))]));
  }

  await refresh();
  return {
    refresh,

    async create(name) {
      const id = randomBytes(8).toString('hex');
      const createdAtMs = clock.nowMs();
      await withUniqueName(() =>
        control
          .insertInto('organisations')
          .values({
            ...{ id, name, name_key: nameKeyOf(name), created_at: createdAtMs },
            viewer_key: sealer.seal(randomBytes(32), contextOf(id)),
          })
          .execute(),
      );
      await refresh();
      return { id, name, createdAtMs };
    },

    async list(only, limit, after) {
      let query = control.selectFrom('organisations').select(['id', 'name', 'created_at']);
      if (only !== undefined) query = query.where('id', '=', only);
      if (after !== undefined) {
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'id'), '<', tuple(...after)),
        );
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(({ id, name, created_at }) => ({ id, name, createdAtMs: Number(created_at) }));
    },

    viewerKeyOf(organisationId) {
      const key = viewerKeys.get(organisationId);
      if (key !== undefined) return key;
      // Another process has just made it: the next refresh brings it.
      throw new AppError('control_store_unavailable', {
        retryAfterSeconds: 1,
        detail: 'Try again in a moment.',
        cause: new Error(`no key for the viewers of organisation ${organisationId} yet`),
      });
    },
  };
}

function contextOf(organisationId: string): string {
  return `organisations/${organisationId}`;
}
