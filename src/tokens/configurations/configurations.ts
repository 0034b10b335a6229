import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../../platform/clock.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { cleanName } from '../../platform/sql/unique-names.ts';
import { tokenErrors } from '../declarations/errors.ts';
import type { AcceptedKey, ConfigurationKeys } from './configuration-keys.ts';
import type {
  ConfigurationStore,
  ConfigurationUpdate,
  NewKey,
  OrganisationFilter,
  TokenConfiguration,
} from './configuration-store.ts';
import { type Keyring, privateKeyContext } from './keyring.ts';

/** A configuration with its newly generated key. */
export interface KeyedConfiguration {
  readonly configuration: TokenConfiguration;
  /** Public key as SPKI PEM. The key is a secret, because it can create tokens, and is returned only once. */
  readonly publicKeyPem: string;
}

export interface ConfigurationChange {
  readonly name?: string;
  readonly enabled?: boolean;
}

export type Configurations = ReturnType<typeof createConfigurations>;

const rsaModulusBits = 2048;
const generateRsaKeyPair = promisify(generateKeyPair);
/** Maximum time for which an old key is accepted. A later date is rejected as a typing error. */
const maxAcceptanceYears = 100;

export interface ConfigurationsDeps {
  readonly store: ConfigurationStore;
  readonly keys: Pick<ConfigurationKeys, 'rotate' | 'accepted'>;
  readonly keyring: Pick<Keyring, 'reload'>;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * Creates the service that creates, changes and deletes token configurations. Exchanges in this process use a change
 * before the call resolves. Other processes poll the store's revision and use the change within 2 s.
 */
export function createConfigurations(deps: ConfigurationsDeps) {
  const { store, keys, keyring, sealer, clock } = deps;

  const get = (id: string, organisation: OrganisationFilter) => getConfiguration(store, id, organisation);

  async function save(id: string, update: ConfigurationUpdate): Promise<void> {
    const isUpdated = await store.update(id, update);
    await keyring.reload();
    if (!isUpdated) throw new AppError(tokenErrors.configuration_not_found);
  }

  return {
    get,
    list: store.list,

    /**
     * Returns the keys whose tokens are accepted now, newest first.
     * @throws AppError `configuration_not_found`.
     */
    async acceptedKeys(id: string, organisation: OrganisationFilter): Promise<AcceptedKey[]> {
      await get(id, organisation);
      return keys.accepted(id, clock.nowMs());
    },

    async create(name: string, organisationId: string): Promise<KeyedConfiguration> {
      const { key, publicKeyPem } = await generateKey(sealer);
      const configuration = newConfiguration(cleanName(name), organisationId, clock.nowMs());
      await store.insert(configuration, key);
      await keyring.reload();
      return { configuration, publicKeyPem };
    },

    /**
     * Adds a new key to a configuration, even if the configuration is disabled. Tokens of all older keys are accepted
     * until `acceptOldUntilMs`. If this time is in the past, older keys stop being accepted immediately. A rotation
     * never extends the time that an earlier rotation has set for a key.
     * @throws AppError `configuration_not_found`, `invalid_request` (too far ahead), `too_many_keys`.
     */
    async rotate(
      id: string,
      acceptOldUntilMs: number,
      organisation: OrganisationFilter,
    ): Promise<KeyedConfiguration> {
      requireSoonEnough(acceptOldUntilMs, clock.nowMs());
      await get(id, organisation);
      const { key, publicKeyPem } = await generateKey(sealer);
      await keys.rotate(id, key, { nowMs: clock.nowMs(), acceptOldUntilMs });
      await keyring.reload();
      return { configuration: await get(id, organisation), publicKeyPem };
    },

    async change(
      id: string,
      change: ConfigurationChange,
      organisation: OrganisationFilter,
    ): Promise<TokenConfiguration> {
      await get(id, organisation);
      await save(id, { ...change, ...(change.name !== undefined && { name: cleanName(change.name) }) });
      return get(id, organisation);
    },

    /** Deletes a configuration. Its usage history remains, and open sessions continue. */
    async delete(id: string, organisation: OrganisationFilter): Promise<void> {
      await get(id, organisation);
      await save(id, { deletedAtMs: clock.nowMs() });
    },
  };
}

async function getConfiguration(
  store: ConfigurationStore,
  id: string,
  organisation: OrganisationFilter,
): Promise<TokenConfiguration> {
  const configuration = await store.find(id, organisation);
  if (configuration === undefined || configuration.deletedAtMs !== undefined) {
    throw new AppError(tokenErrors.configuration_not_found);
  }
  return configuration;
}

function newConfiguration(name: string, organisationId: string, nowMs: number): TokenConfiguration {
  const id = randomBytes(12).toString('hex');
  return { id, organisationId, name, enabled: true, createdAtMs: nowMs, deletedAtMs: undefined };
}

async function generateKey(sealer: Sealer): Promise<{ key: NewKey; publicKeyPem: string }> {
  const { publicKey, privateKey } = await generateRsaKeyPair('rsa', { modulusLength: rsaModulusBits });
  const id = randomBytes(12).toString('hex');
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const key = {
    id,
    publicKeyDigest: createHash('sha256').update(spki).digest('hex'),
    sealedPrivateKey: sealer.seal(pkcs8, privateKeyContext(id)),
  };
  return { key, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

function requireSoonEnough(acceptOldUntilMs: number, nowMs: number): void {
  const latestMs = new Date(nowMs).setUTCFullYear(new Date(nowMs).getUTCFullYear() + maxAcceptanceYears);
  if (acceptOldUntilMs <= latestMs) return;
  const message = `must be at most ${maxAcceptanceYears} years ahead`;
  throw new AppError(platformErrors.invalid_request, {
    faults: [{ path: '/acceptOldUntil', message }],
  });
}
