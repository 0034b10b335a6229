import { randomBytes } from 'node:crypto';
import { createWatchedCache } from '../../platform/background/watched-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { CursorPosition } from '../../platform/http/routes/paging.ts';
import { cleanName, nameKeyOf, withUniqueName } from '../../platform/sql/unique-names.ts';
import type { AccessStore } from '../declarations/tables.ts';

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
}

/** Manages organisations, and caches their keys for viewer pseudonyms. */
export interface Organisations {
  /**
   * Creates an organisation.
   * @throws AppError `name_taken`.
   */
  create(name: string): Promise<Organisation>;
  /** Returns organisations, newest first: all of them, or only the one with the id `only`. */
  list(only: string | undefined, limit: number, after?: CursorPosition): Promise<Organisation[]>;
  /**
   * Returns an organisation's pseudonym key.
   * @throws AppError `control_store_unavailable` until this process has loaded the key.
   */
  viewerKeyOf(organisationId: string): Uint8Array;
  /** Loads the organisations that other processes have created. */
  refresh(): Promise<void>;
}

/** Id of the organisation that every new installation has. */
export const defaultOrganisationId = 'default';

export async function createOrganisations(deps: {
  control: AccessStore;
  sealer: Sealer;
  clock: Clock;
}): Promise<Organisations> {
  const { control, sealer, clock } = deps;
  await addDefault(control, sealer, clock.nowMs());
  const viewerKeys = await createWatchedCache<Map<string, Uint8Array>>({
    createEmpty: () => new Map(),
    async load(keys) {
      const rows = await control.selectFrom('organisations').select(['id', 'viewer_key']).execute();
      for (const { id, viewer_key } of rows) keys.set(id, sealer.open(viewer_key, contextOf(id)));
    },
  });

  return {
    refresh: viewerKeys.refresh,

    async create(name) {
      const row = newRow(randomBytes(8).toString('hex'), name, sealer, clock.nowMs());
      await withUniqueName(() => control.insertInto('organisations').values(row).execute());
      await viewerKeys.reload();
      return toOrganisation(row);
    },

    list: (only, limit, after) => readOrganisations(control, only, limit, after),

    viewerKeyOf(organisationId) {
      const key = viewerKeys.value().get(organisationId);
      if (key !== undefined) return key;
      // Another process has just created the organisation. The next refresh loads the key.
      throw new AppError(platformErrors.control_store_unavailable, {
        retryAfterSeconds: 1,
        detail: 'Try again in a moment.',
        cause: new Error(`no key for the viewers of organisation ${organisationId} yet`),
      });
    },
  };
}

/** Inserts the default organisation if it does not exist. */
async function addDefault(control: AccessStore, sealer: Sealer, nowMs: number): Promise<void> {
  await control
    .insertInto('organisations')
    .values(newRow(defaultOrganisationId, 'Default', sealer, nowMs))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function newRow(id: string, name: string, sealer: Sealer, nowMs: number) {
  return {
    id,
    name: cleanName(name),
    name_key: nameKeyOf(name),
    created_at: nowMs,
    viewer_key: sealer.seal(randomBytes(32), contextOf(id)),
  };
}

async function readOrganisations(
  control: AccessStore,
  only: string | undefined,
  limit: number,
  after: CursorPosition | undefined,
): Promise<Organisation[]> {
  let query = control.selectFrom('organisations').select(['id', 'name', 'created_at']);
  if (only !== undefined) query = query.where('id', '=', only);
  if (after !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '<', tuple(...after)));
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toOrganisation);
}

function toOrganisation(row: { id: string; name: string; created_at: number }): Organisation {
  return { id: row.id, name: row.name, createdAtMs: Number(row.created_at) };
}

function contextOf(organisationId: string): string {
  return `organisations/${organisationId}`;
}
