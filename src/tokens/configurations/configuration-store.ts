import { incrementRevision, readRevision } from '../../platform/sql/revisions.ts';
import type { TokenStore } from '../declarations/tables.ts';

/** A token configuration without its keys. */
export interface TokenConfiguration {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly createdAtMs: number;
  readonly deletedAtMs: number | undefined;
}

/** Changes to a configuration. Members that are absent do not change. */
export type ConfigurationUpdate = Partial<
  Pick<TokenConfiguration, 'name' | 'enabled'> & { deletedAtMs: number }
>;

/** A token configuration as the gateway uses it. */
export interface KeyringEntry {
  readonly configurationId: string;
  readonly organisationId: string;
  /** True if the configuration is enabled and not deleted. */
  readonly isUsable: boolean;
  /** Keys, newest first. */
  readonly keys: readonly KeyringKey[];
}

export interface KeyringKey {
  readonly id: string;
  readonly sealedPrivateKey: string;
  readonly acceptedUntilMs: number | undefined;
}

export interface NewKey {
  readonly id: string;
  readonly publicKeyDigest: string;
  readonly sealedPrivateKey: string;
}

/** Limits configurations to those of one organisation. Undefined: all organisations. */
export type OrganisationFilter = string | undefined;

/** The last row of the previous page. The list is newest first. */
export interface PageStart {
  readonly createdAtMs: number;
  readonly id: string;
}

export type ConfigurationStore = ReturnType<typeof createConfigurationStore>;

/**
 * Topic of the store's revision (src/platform/sql/revisions.ts). Each change to a configuration or a key increments
 * the revision.
 */
export const configurationsTopic = 'token_configurations';

/**
 * Creates the store of token configurations and their keys. Every change increments the revision in the same
 * transaction.
 */
export function createConfigurationStore(control: TokenStore) {
  return {
    insert: (configuration: TokenConfiguration, key: NewKey) => insert(control, configuration, key),

    /**
     * Changes the given members only, so that concurrent changes to different members are both kept. Returns false if
     * the configuration is deleted.
     */
    update: (id: string, update: ConfigurationUpdate) => updateRow(control, id, update),

    async find(id: string, organisation: OrganisationFilter): Promise<TokenConfiguration | undefined> {
      // An id never contains NUL, and PostgreSQL rejects queries that contain it.
      if (id.includes('\0')) return undefined;
      const row = await selectConfigurations(control, organisation).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    /** Returns a page of configurations, newest first, without deleted ones. */
    list: (organisation: OrganisationFilter, limit: number, after?: PageStart) =>
      readPage(control, organisation, limit, after),

    /** Returns all configurations, including deleted ones, because usage lists show their names. */
    async listIncludingDeleted(organisation: OrganisationFilter): Promise<TokenConfiguration[]> {
      return (await selectConfigurations(control, organisation).execute()).map(fromRow);
    },

    revision: () => readRevision(control, configurationsTopic),

    readKeyring: () => readKeyring(control),
  };
}

function selectConfigurations(control: TokenStore, organisation: OrganisationFilter) {
  const query = control
    .selectFrom('token_configurations')
    .select(['id', 'organisation_id', 'name', 'enabled', 'created_at', 'deleted_at']);
  return organisation === undefined ? query : query.where('organisation_id', '=', organisation);
}

async function insert(control: TokenStore, configuration: TokenConfiguration, key: NewKey): Promise<void> {
  await control.transaction().execute(async (transaction) => {
    await transaction.insertInto('token_configurations').values(toRow(configuration)).execute();
    await transaction
      .insertInto('configuration_keys')
      .values({
        id: key.id,
        configuration_id: configuration.id,
        public_key_digest: key.publicKeyDigest,
        private_key: key.sealedPrivateKey,
        created_at: configuration.createdAtMs,
        accepted_until: null,
      })
      .execute();
    await incrementRevision(transaction, configurationsTopic);
  });
}

async function updateRow(
  control: TokenStore,
  id: string,
  { name, enabled, deletedAtMs }: ConfigurationUpdate,
): Promise<boolean> {
  return control.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('token_configurations')
      .set({
        ...(name !== undefined && { name }),
        ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
        ...(deletedAtMs !== undefined && { deleted_at: deletedAtMs }),
      })
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow();
    await incrementRevision(transaction, configurationsTopic);
    return numUpdatedRows > 0n;
  });
}

async function readPage(
  control: TokenStore,
  organisation: OrganisationFilter,
  limit: number,
  after: PageStart | undefined,
): Promise<TokenConfiguration[]> {
  let query = selectConfigurations(control, organisation).where('deleted_at', 'is', null);
  if (after !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'id'), '<', tuple(after.createdAtMs, after.id)),
    );
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(fromRow);
}

async function readKeyring(control: TokenStore): Promise<ReadonlyMap<string, KeyringEntry>> {
  const [configurationRows, keyRows] = await Promise.all([
    selectConfigurations(control, undefined).where('deleted_at', 'is', null).execute(),
    control.selectFrom('configuration_keys').selectAll().orderBy('created_at', 'desc').execute(),
  ]);
  const keysByConfiguration = new Map<string, KeyringKey[]>();
  for (const row of keyRows) {
    const keys = keysByConfiguration.get(row.configuration_id);
    if (keys === undefined) keysByConfiguration.set(row.configuration_id, [toKeyringKey(row)]);
    else keys.push(toKeyringKey(row));
  }
  return new Map(
    configurationRows.map((row) => [
      row.id,
      {
        configurationId: row.id,
        organisationId: row.organisation_id,
        isUsable: row.enabled === 1,
        keys: keysByConfiguration.get(row.id) ?? [],
      },
    ]),
  );
}

interface Row {
  id: string;
  organisation_id: string;
  name: string;
  enabled: number;
  created_at: number;
  deleted_at: number | null;
}

function toRow(configuration: TokenConfiguration): Row {
  return {
    id: configuration.id,
    organisation_id: configuration.organisationId,
    name: configuration.name,
    enabled: configuration.enabled ? 1 : 0,
    created_at: configuration.createdAtMs,
    deleted_at: configuration.deletedAtMs ?? null,
  };
}

function fromRow(row: Row): TokenConfiguration {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    name: row.name,
    enabled: row.enabled === 1,
    createdAtMs: Number(row.created_at),
    deletedAtMs: row.deleted_at === null ? undefined : Number(row.deleted_at),
  };
}

function toKeyringKey(row: { id: string; private_key: string; accepted_until: number | null }): KeyringKey {
  return {
    id: row.id,
    sealedPrivateKey: row.private_key,
    acceptedUntilMs: row.accepted_until === null ? undefined : Number(row.accepted_until),
  };
}
