import type { Config } from '../config/settings.ts';
import type { Clock } from '../platform/clock.ts';
import { createDirectoryCallout } from '../tokens/directory/directory-callout.ts';
import { createDirectoryStore, createRegisteredDirectory } from '../tokens/directory/directory-store.ts';
import { createTokenGenerator } from '../tokens/issuing/generate.ts';
import { createTokenRequests } from '../tokens/issuing/token-requests.ts';
import { createStructureCheck } from '../tokens/validation/structure.ts';
import { createTokenTester } from '../tokens/validation/token-test.ts';
import type { Control } from './control.ts';

export type TokenToolsConfig = Pick<Config, 'directoryUrl' | 'directoryToken' | 'directoryTimeout'>;

/** What makes and tests single tokens, for the API and the command line, and for back ends. */
export function createTokenTools(config: TokenToolsConfig, control: Control, clock: Clock) {
  const { configurations, configurationKeys: keys, keyring, revocations } = control;
  const { directoryUrl: url, directoryToken: token, directoryTimeout: timeoutMs } = config;
  const checkStructure = createStructureCheck();
  const directoryStore = createDirectoryStore(control.store);
  const directory =
    url === undefined
      ? createRegisteredDirectory(directoryStore)
      : createDirectoryCallout({ url, token, timeoutMs });
  return {
    directoryStore,
    generator: createTokenGenerator({ configurations, keys, checkStructure, clock }),
    tester: createTokenTester({ keyring, revocations, directory, checkStructure, clock }),
    requests: createTokenRequests({ keyring, checkStructure, clock }),
  };
}
