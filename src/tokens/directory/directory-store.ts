import { chunksOf } from '../../platform/background/batching.ts';
import type { TokenStore } from '../declarations/tables.ts';
import type { Directory, DirectoryAnswer, DirectoryQuestion, DirectoryResource } from './directory.ts';

export type DirectoryStore = ReturnType<typeof createDirectoryStore>;

const tables = { subjects: 'directory_subjects', resources: 'directory_resources' } as const;
export type DirectoryKind = keyof typeof tables;

/** Maximum number of rows per statement. It is far below the number of parameters that both databases allow. */
const rowsPerStatement = 500;

/**
 * Creates the store of viewers and resources that are registered through the API. Each call concerns one
 * organisation.
 */
export function createDirectoryStore(control: TokenStore) {
  return {
    /** Adds new entries and replaces existing ones. If it throws, no entry is stored. */
    async upsert(
      kind: DirectoryKind,
      organisationId: string,
      items: readonly DirectoryResource[],
      nowMs: number,
    ): Promise<void> {
      // A statement must not write a row twice. If an id occurs several times, its last entry is stored.
      const distinct = [...new Map(items.map((item) => [item.id, item])).values()];
      await control.transaction().execute(async (transaction) => {
        for (const chunk of chunksOf(distinct, rowsPerStatement))
          await upsertRows(transaction, kind, organisationId, chunk, nowMs);
      });
    },

    /** Deletes entries and returns how many were deleted. */
    delete: (kind: DirectoryKind, organisationId: string, ids: readonly string[]): Promise<number> =>
      control.transaction().execute((transaction) => deleteRows(transaction, kind, organisationId, ids)),

    /** Returns a page of entries ordered by id, starting after `after`. */
    async list(kind: DirectoryKind, organisationId: string, limit: number, after: string | undefined) {
      let query = control.selectFrom(tables[kind]).selectAll().where('organisation_id', '=', organisationId);
      if (after !== undefined) query = query.where('id', '>', after);
      const rows = await query.orderBy('id').limit(limit).execute();
      return rows.map(toResource);
    },

    async isEmpty(kind: DirectoryKind, organisationId: string): Promise<boolean> {
      const row = await control
        .selectFrom(tables[kind])
        .select('id')
        .where('organisation_id', '=', organisationId)
        .limit(1)
        .executeTakeFirst();
      return row === undefined;
    },

    /** Returns a map from each registered id to its data sources. The map omits other ids. Subjects have no data sources. */
    find: (kind: DirectoryKind, organisationId: string, ids: readonly string[]) =>
      findRows(control, kind, organisationId, ids),
  };
}

async function deleteRows(
  transaction: TokenStore,
  kind: DirectoryKind,
  organisationId: string,
  ids: readonly string[],
): Promise<number> {
  let deleted = 0;
  for (const chunk of chunksOf([...new Set(ids)].filter(isStorable), rowsPerStatement)) {
    const { numDeletedRows } = await transaction
      .deleteFrom(tables[kind])
      .where('organisation_id', '=', organisationId)
      .where('id', 'in', chunk)
      .executeTakeFirstOrThrow();
    deleted += Number(numDeletedRows);
  }
  return deleted;
}

async function findRows(
  control: TokenStore,
  kind: DirectoryKind,
  organisationId: string,
  ids: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const dataSourcesById = new Map<string, readonly string[]>();
  for (const chunk of chunksOf(ids.filter(isStorable), rowsPerStatement)) {
    const rows = await control
      .selectFrom(tables[kind])
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('id', 'in', chunk)
      .execute();
    for (const { id, dataSources } of rows.map(toResource)) dataSourcesById.set(id, dataSources);
  }
  return dataSourcesById;
}

async function upsertRows(
  transaction: TokenStore,
  kind: DirectoryKind,
  organisationId: string,
  items: readonly DirectoryResource[],
  nowMs: number,
): Promise<void> {
  const row = { organisation_id: organisationId, updated_at: nowMs };
  const columns = ['organisation_id', 'id'] as const;
  if (kind === 'subjects') {
    await transaction
      .insertInto('directory_subjects')
      .values(items.map(({ id }) => ({ ...row, id })))
      .onConflict((conflict) => conflict.columns(columns).doUpdateSet({ updated_at: nowMs }))
      .execute();
    return;
  }
  await transaction
    .insertInto('directory_resources')
    .values(items.map(({ id, dataSources }) => ({ ...row, id, data_sources: JSON.stringify(dataSources) })))
    .onConflict((conflict) =>
      conflict.columns(columns).doUpdateSet(({ ref }) => ({
        updated_at: nowMs,
        data_sources: ref('excluded.data_sources'),
      })),
    )
    .execute();
}

function toResource(row: { id: string; data_sources?: string }): DirectoryResource {
  return { id: row.id, dataSources: row.data_sources === undefined ? [] : JSON.parse(row.data_sources) };
}

/** Returns whether an id can be stored. PostgreSQL rejects queries with NUL or an unpaired surrogate. */
function isStorable(id: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(id);
}

/**
 * Creates a directory that looks up registered entries. If no subjects (or resources) are registered, it reports them
 * as unchecked.
 */
export function createRegisteredDirectory(store: DirectoryStore): Directory {
  async function subjectPart({
    organisationId,
    subject,
  }: DirectoryQuestion): Promise<DirectoryAnswer['subject']> {
    if ((await store.find('subjects', organisationId, [subject])).size > 0) return 'known';
    return (await store.isEmpty('subjects', organisationId)) ? nothingRegistered('subjects') : 'unknown';
  }

  async function resourcePart(question: DirectoryQuestion): Promise<DirectoryAnswer['resources']> {
    const registered = await store.find('resources', question.organisationId, question.resources);
    const isEmpty = registered.size === 0 && (await store.isEmpty('resources', question.organisationId));
    return isEmpty ? nothingRegistered('resources') : registered;
  }

  return {
    async ask(question) {
      const [subject, resources] = await Promise.all([subjectPart(question), resourcePart(question)]);
      return { subject, resources };
    },
  };
}

function nothingRegistered(kind: DirectoryKind) {
  return {
    unchecked: `no ${kind} are registered`,
    fix: `Register them with POST /api/v1/directory/${kind}, or set DIRECTORY_URL.`,
  };
}
