import type { Config } from '../../config/settings.ts';
import { createExchange, type Exchange } from '../../gateway/exchange/exchange.ts';
import { createViewerOf } from '../../gateway/exchange/pseudonym.ts';
import { createLinkCodes, type LinkCodes } from '../../gateway/links/link-codes.ts';
import type { JournalAppender } from '../../journal/log/journal.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Opening } from '../../tokens/opening/decrypter.ts';
import { fromSecondSight } from '../../tokens/opening/second-use-filter.ts';
import { createOpenedTokens } from '../../tokens/opening/token-cache.ts';
import { createTokenOpener } from '../../tokens/opening/token-opener.ts';
import type { Control } from '../control.ts';
import { createWatch } from '../watch.ts';
import type { PartDeps } from './part.ts';
import { createSessionParts, type SessionParts } from './sessions.ts';

const linkCodesEveryMs = 30_000;

export interface GatewayPart {
  readonly exchange: Exchange;
  readonly linkCodes: LinkCodes;
  readonly sessions: SessionParts;
  readonly components: readonly Component[];
}

export interface GatewayDeps extends PartDeps {
  readonly control: Control;
  readonly journal: JournalAppender;
  readonly opening: Opening;
}

/** Opens tokens, and makes sessions of them that the journal counts. */
export async function createGatewayPart(config: Config, deps: GatewayDeps): Promise<GatewayPart> {
  const { logger, clock, control, journal, opening } = deps;
  const { keyring, revocations } = control;
  const viewerOf = createViewerOf(control.organisations.viewerKeyOf);
  const sessions = await createSessionParts(config, { ...deps, viewerOf });
  const openedTokens = fromSecondSight(createOpenedTokens(config.openedTokensLimit));
  const exchange = createExchange({
    opener: createTokenOpener({ keyring, opening, openedTokens, clock }),
    ...{ revocations, journal, sessions: sessions.sessions, viewerOf, clock },
  });
  const linkCodes = createLinkCodes({ control: control.store, clock });
  return {
    exchange,
    linkCodes,
    sessions,
    components: [
      createWatch('link codes', linkCodesEveryMs, linkCodes.removeExpired, logger),
      ...sessions.components,
    ],
  };
}
