import type { Clock } from '../platform/clock.ts';
import type { TokenStore } from './declarations/tables.ts';
import { createDirectoryCallout } from './directory/directory-callout.ts';
import { createDirectoryStore, createRegisteredDirectory } from './directory/directory-store.ts';
import { createTokenGenerator } from './issuing/generate.ts';
import { createTokenRequests } from './issuing/token-requests.ts';
import type { Tokens } from './tokens.ts';
import { createStructureCheck } from './validation/structure.ts';
import { createTokenTester } from './validation/token-test.ts';

export interface TokenToolsConfig {
  readonly directoryUrl: string | undefined;
  readonly directoryToken: string | undefined;
  /** Time limit of a directory look-up, in milliseconds. */
  readonly directoryTimeout: number;
}

export interface TokenToolsDeps {
  readonly control: TokenStore;
  readonly tokens: Pick<Tokens, 'configurations' | 'configurationKeys' | 'keyring' | 'revocations'>;
  readonly clock: Clock;
}

/**
 * Creates the services that create and test single tokens, and the directory in which token tests look up viewers and
 * resources.
 */
export function createTokenTools(config: TokenToolsConfig, { control, tokens, clock }: TokenToolsDeps) {
  const { configurations, configurationKeys: keys, keyring, revocations } = tokens;
  const { directoryUrl: url, directoryToken: token, directoryTimeout: timeoutMs } = config;
  const checkStructure = createStructureCheck();
  const directoryStore = createDirectoryStore(control);
  const directory =
    url === undefined
      ? createRegisteredDirectory(directoryStore)
      : createDirectoryCallout({ url, token, timeoutMs });
  return {
    directoryStore,
    generator: createTokenGenerator({ configurations, keys, revocations, checkStructure, clock }),
    tester: createTokenTester({ keyring, revocations, directory, checkStructure, clock }),
    requests: createTokenRequests({ keyring, checkStructure, clock }),
  };
}
