import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../../platform/clock.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { ConfigurationKeys } from './configuration-keys.ts';
import type {
  ConfigurationStore,
  ConfigurationUpdate,
  NewKey,
  OrganisationFilter,
  TokenConfiguration,
} from './configuration-store.ts';
import { type Keyring, privateKeyContext } from './keyring.ts';

/** A configuration with the key that was just made for it. */
export interface KeyedConfiguration {
  readonly configuration: TokenConfiguration;
  /** SPKI PEM. It makes tokens, so it is a secret, and it is shown this once. */
  readonly publicKeyPem: string;
}

export interface ConfigurationChange {
  readonly name?: string;
  readonly enabled?: boolean;
}

export type Configurations = ReturnType<typeof createConfigurations>;

const rsaModulusBits = 2048;
const generateRsaKeyPair = promisify(generateKeyPair);
/** Further ahead than that is a slip of the pen. */
const maxAcceptanceYears = 100;

/**
 * Makes, changes and ends token configurations. A change acts on exchanges in this process before the call
 * resolves, and in others within 2 s (they watch the store's revision).
 */
export function createConfigurations(deps: {
  store: ConfigurationStore;
  keys: Pick<ConfigurationKeys, 'rotate'>;
  keyring: Pick<Keyring, 'reload'>;
  sealer: Sealer;
  clock: Clock;
}) {
  const { store, keys, keyring, sealer, clock } = deps;

  async function get(id: string, organisation: OrganisationFilter): Promise<TokenConfiguration> {
    const configuration = await store.find(id, organisation);
    if (configuration === undefined || configuration.deletedAtMs !== undefined) {
      throw new AppError('configuration_not_found');
    }
    return configuration;
  }

  async function save(id: string, update: ConfigurationUpdate): Promise<void> {
    const found = await store.update(id, update);
    await keyring.reload();
    if (!found) throw new AppError('configuration_not_found');
  }

  async function makeKey(): Promise<{ key: NewKey; publicKeyPem: string }> {
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

  return {
    get,
    list: store.list,

    async create(name: string, organisationId: string): Promise<KeyedConfiguration> {
      const { key, publicKeyPem } = await makeKey();
      const configuration: TokenConfiguration = {
        id: randomBytes(12).toString('hex'),
        organisationId,
        name,
        enabled: true,
        createdAtMs: clock.nowMs(),
        deletedAtMs: undefined,
      };
      await store.insert(configuration, key);
      await keyring.reload();
      return { configuration, publicKeyPem };
    },

    /**
     * A new key for a configuration, also for a disabled one. Tokens made with older keys are accepted until then:
     * all of them, so that a date that is past stops them at once; none longer than an earlier rotation has said.
     * @throws AppError `configuration_not_found`, `invalid_request` (too far ahead), `too_many_keys`.
     */
    async rotate(
      id: string,
      acceptOldUntilMs: number,
      organisation: OrganisationFilter,
    ): Promise<KeyedConfiguration> {
      requireSoonEnough(acceptOldUntilMs, clock.nowMs());
      await get(id, organisation);
      const { key, publicKeyPem } = await makeKey();
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
      await save(id, change);
      return get(id, organisation);
    },

    /** Its history stays, and sessions that are open go on. */
    async delete(id: string, organisation: OrganisationFilter): Promise<void> {
      await get(id, organisation);
      await save(id, { deletedAtMs: clock.nowMs() });
    },
  };
}

function requireSoonEnough(acceptOldUntilMs: number, nowMs: number): void {
  const latestMs = new Date(nowMs).setUTCFullYear(new Date(nowMs).getUTCFullYear() + maxAcceptanceYears);
  if (acceptOldUntilMs <= latestMs) return;
  const message = `must be at most ${maxAcceptanceYears} years ahead`;
  throw new AppError('invalid_request', {
    faults: [{ path: '/acceptOldUntil', message }],
  });
}
