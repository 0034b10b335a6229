import { AppError } from '../../platform/errors/errors.ts';
import { incrementRevision } from '../../platform/sql/revisions.ts';
import { tokenErrors } from '../declarations/errors.ts';
import type { TokenStore } from '../declarations/tables.ts';
import { configurationsTopic, type NewKey } from './configuration-store.ts';

/** A key whose tokens are accepted: the newest key without a time limit, an older key until `acceptedUntilMs`. */
export interface AcceptedKey {
  /** SHA-256 of the SubjectPublicKeyInfo, in hex. */
  readonly publicKeyDigest: string;
  readonly createdAtMs: number;
  readonly acceptedUntilMs: number | undefined;
}

export type ConfigurationKeys = ReturnType<typeof createConfigurationKeys>;

/**
 * Maximum number of accepted keys per configuration. It limits the time that decrypting a token takes, because each
 * key may have to be tried.
 */
export const maxAcceptedKeys = 10;

/** Time of a rotation, and the time until which tokens of older keys are accepted. */
export interface RotationTimes {
  readonly nowMs: number;
  readonly acceptOldUntilMs: number;
}

/**
 * Creates the store of configuration keys, with methods to read accepted keys, to rotate and to remove unneeded keys.
 */
export function createConfigurationKeys(control: TokenStore) {
  return {
    /** Returns the keys whose tokens are accepted at `nowMs`, newest first. */
    accepted: (configurationId: string, nowMs: number) => readAccepted(control, configurationId, nowMs),

    /**
     * Adds a key. Older keys are accepted until `acceptOldUntilMs`, or until the earlier time of a previous rotation.
     * @throws AppError `configuration_not_found`, `too_many_keys`.
     */
    async rotate(configurationId: string, key: NewKey, times: RotationTimes): Promise<void> {
      await control.transaction().execute((transaction) => rotate(transaction, configurationId, key, times));
    },

    /**
     * Deletes private keys that are no longer needed: replaced keys that are no longer accepted, and keys of deleted
     * configurations.
     */
    removeUnneeded: (nowMs: number) => removeUnneeded(control, nowMs),
  };
}

async function readAccepted(
  control: TokenStore,
  configurationId: string,
  nowMs: number,
): Promise<AcceptedKey[]> {
  const rows = await control
    .selectFrom('configuration_keys')
    .select(['public_key_digest', 'created_at', 'accepted_until'])
    .where('configuration_id', '=', configurationId)
    .where(({ eb, or }) => or([eb('accepted_until', 'is', null), eb('accepted_until', '>', nowMs)]))
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(({ public_key_digest, created_at, accepted_until }) => ({
    publicKeyDigest: public_key_digest,
    createdAtMs: Number(created_at),
    acceptedUntilMs: accepted_until === null ? undefined : Number(accepted_until),
  }));
}

async function rotate(
  transaction: TokenStore,
  configurationId: string,
  key: NewKey,
  { nowMs, acceptOldUntilMs }: RotationTimes,
): Promise<void> {
  await lockConfiguration(transaction, configurationId);
  await transaction
    .updateTable('configuration_keys')
    .set({ accepted_until: acceptOldUntilMs })
    .where('configuration_id', '=', configurationId)
    .where(({ eb, or }) =>
      or([eb('accepted_until', 'is', null), eb('accepted_until', '>', acceptOldUntilMs)]),
    )
    .execute();
  await requireKeyBelowLimit(transaction, configurationId, nowMs);
  const newestMs = await readNewestKeyMs(transaction, configurationId);
  await transaction
    .insertInto('configuration_keys')
    .values({
      id: key.id,
      configuration_id: configurationId,
      public_key_digest: key.publicKeyDigest,
      private_key: key.sealedPrivateKey,
      // The gateway tries the newest key first, and token requests use it. The new key must therefore be later than
      // all others, even if the clocks of processes differ.
      created_at: Math.max(nowMs, newestMs + 1),
      accepted_until: null,
    })
    .execute();
  await incrementRevision(transaction, configurationsTopic);
}

async function removeUnneeded(control: TokenStore, nowMs: number): Promise<number> {
  const rows = await control
    .selectFrom('configuration_keys as key')
    .innerJoin('token_configurations as configuration', 'configuration.id', 'key.configuration_id')
    .select('key.id')
    .where(({ eb, or }) =>
      or([eb('key.accepted_until', '<=', nowMs), eb('configuration.deleted_at', 'is not', null)]),
    )
    .limit(maxRemovedAtOnce)
    .execute();
  if (rows.length === 0) return 0;
  await control.transaction().execute(async (transaction) => {
    const ids = rows.map(({ id }) => id);
    await transaction.deleteFrom('configuration_keys').where('id', 'in', ids).execute();
    await incrementRevision(transaction, configurationsTopic);
  });
  return rows.length;
}

const maxRemovedAtOnce = 500;

/**
 * Locks the configuration until the transaction ends, on every store. Otherwise concurrent rotations could exceed the
 * key limit.
 */
async function lockConfiguration(transaction: TokenStore, id: string): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('token_configurations')
    .set(({ ref }) => ({ enabled: ref('enabled') }))
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw new AppError(tokenErrors.configuration_not_found);
}

async function readNewestKeyMs(transaction: TokenStore, id: string): Promise<number> {
  const { newest } = await transaction
    .selectFrom('configuration_keys')
    .select(({ fn }) => fn.max('created_at').as('newest'))
    .where('configuration_id', '=', id)
    .executeTakeFirstOrThrow();
  return Number(newest ?? 0);
}

async function requireKeyBelowLimit(transaction: TokenStore, id: string, nowMs: number): Promise<void> {
  const { accepted } = await transaction
    .selectFrom('configuration_keys')
    .select(({ fn }) => fn.countAll().as('accepted'))
    .where('configuration_id', '=', id)
    .where('accepted_until', '>', nowMs)
    .executeTakeFirstOrThrow();
  if (Number(accepted) < maxAcceptedKeys) return;
  throw new AppError(tokenErrors.too_many_keys, {
    detail: `At most ${maxAcceptedKeys} keys are accepted at a time. An earlier acceptOldUntil ends older keys sooner.`,
  });
}
