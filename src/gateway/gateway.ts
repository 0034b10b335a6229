import type { JournalAppender } from '../journal/log/journal.ts';
import { createPeriodicTask } from '../platform/background/periodic-task.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sealer } from '../platform/crypto/sealing.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import type { Keyring } from '../tokens/configurations/keyring.ts';
import { readKid } from '../tokens/jwe/jwe.ts';
import type { Decrypter } from '../tokens/opening/decrypter.ts';
import { createSecondUseFilter } from '../tokens/opening/second-use-filter.ts';
import { createTokenCache } from '../tokens/opening/token-cache.ts';
import { type ConfigurationRef, createTokenOpener } from '../tokens/opening/token-opener.ts';
import type { Revocations } from '../tokens/revocation/revocations.ts';
import type { EndSession } from '../tokens/revocation/session-ending.ts';
import type { GatewayStore } from './declarations/tables.ts';
import { createExchange, type Exchange } from './exchange/exchange.ts';
import { createPseudonymiser } from './exchange/pseudonym.ts';
import { createLinkCodes, type LinkCodes } from './links/link-codes.ts';
import {
  createSessionServices,
  type SessionServices,
  type SessionServicesConfig,
} from './session-services.ts';

export interface GatewayConfig extends SessionServicesConfig {
  /** Memory limit of the token cache, in bytes. */
  readonly openedTokensLimit: number;
}

export interface GatewayDeps {
  readonly control: GatewayStore;
  readonly sealer: Sealer;
  readonly keyring: Keyring;
  readonly revocations: Revocations;
  readonly endSession: EndSession;
  /**
   * Returns an organisation's key for viewer pseudonyms.
   * @throws AppError until the key is loaded.
   */
  readonly viewerKeyOf: (organisationId: string) => Uint8Array;
  readonly decrypter: Decrypter;
  readonly journal: JournalAppender;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Gateway {
  readonly exchange: Exchange;
  /**
   * Returns the configuration that the `kid` of a token names, without decrypting the token. Undefined if the
   * configuration is unknown.
   */
  readonly configurationOf: (token: string) => ConfigurationRef | undefined;
  readonly linkCodes: LinkCodes;
  readonly sessions: SessionServices;
  readonly components: readonly Component[];
}

const linkCodesIntervalMs = 30_000;
const endedSessionsIntervalMs = 60_000;

/**
 * Creates the gateway, which decrypts tokens and grants sessions. A session is granted only after its event is durable.
 */
export async function createGateway(config: GatewayConfig, deps: GatewayDeps): Promise<Gateway> {
  const { control, sealer, keyring, revocations, decrypter, journal, clock, logger } = deps;
  const pseudonymise = createPseudonymiser(deps.viewerKeyOf);
  const sessions = await createSessionServices(config, {
    ...{ control, sealer, keyring, revocations, journal, pseudonymise, clock },
    endSession: deps.endSession,
  });
  const tokenCache = createSecondUseFilter(createTokenCache(config.openedTokensLimit));
  const exchange = createExchange({
    opener: createTokenOpener({ keyring, decrypter, tokenCache, clock }),
    ...{ revocations, journal, sessions: sessions.sessions, pseudonymise, clock },
  });
  const linkCodes = createLinkCodes({ control, clock });
  const configurationOf = (token: string) => keyring.find(readKid(token.trim()) ?? '');
  return {
    ...{ exchange, configurationOf, linkCodes, sessions },
    components: [
      createPeriodicTask('link codes', linkCodesIntervalMs, linkCodes.removeExpired, logger),
      createPeriodicTask('ended sessions', endedSessionsIntervalMs, sessions.removeEnded, logger),
    ],
  };
}
