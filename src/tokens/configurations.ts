import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Sealer } from '../platform/sealing.ts';
import type {
  ConfigurationStore,
  ConfigurationUpdate,
  OrganisationFilter,
  TokenConfiguration,
} from './configuration-store.ts';
import { type Keyring, privateKeyContext } from './keyring.ts';

export interface CreatedConfiguration {
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

/**
 * Makes, changes and ends token configurations. A change acts on exchanges in this process before the call
 * resolves, and in others within 2 s (they watch the store's revision).
 */
export function createConfigurations(deps: {
  store: ConfigurationStore;
  keyring: Pick<Keyring, 'reload'>;
  sealer: Sealer;
  clock: Clock;
}) {
  const { store, keyring, sealer, clock } = deps;

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

  return {
    get,
    list: store.list,

    async create(name: string, organisationId: string): Promise<CreatedConfiguration> {
      const { publicKey, privateKey } = await generateRsaKeyPair('rsa', { modulusLength: rsaModulusBits });
      const keyId = randomBytes(12).toString('hex');
      const configuration: TokenConfiguration = {
        id: randomBytes(12).toString('hex'),
        organisationId,
        name,
        enabled: true,
        createdAtMs: clock.nowMs(),
        deletedAtMs: undefined,
      };
      const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
      const spki = publicKey.export({ type: 'spki', format: 'der' });
      await store.insert(configuration, {
        id: keyId,
        publicKeyDigest: createHash('sha256').update(spki).digest('hex'),
        sealedPrivateKey: sealer.seal(pkcs8, privateKeyContext(keyId)),
      });
      await keyring.reload();
      return { configuration, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
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
