import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { findEncodingFault } from '../../platform/http/problems/json-body.ts';
import { bodyLimitBytes, type HttpServer } from '../../platform/http/server.ts';
import { tokenExamples } from '../../tokens/declarations/examples.ts';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import type { StoreSession } from '../exchange/exchange.ts';
import { exchangeErrors } from '../exchange/exchange-errors.ts';
import type { MeteredExchange } from '../exchange/metered-exchange.ts';
import { RefusedToken } from '../exchange/refused-token.ts';
import type { SessionClaims } from '../sessions/sealed/session-token.ts';
import { confirmField, sendConfirmPage } from './confirm-page.ts';
import type { EntryChecks } from './entry-checks.ts';
import type { LinkHandOff } from './link-hand-off.ts';
import type { LinkTarget } from './link-target.ts';
import { type LinkLocation, linkPrefix, readLink, readLocation } from './link-url.ts';
import { type FindOpenSession, isPathGranted, isSameViewer } from './open-session.ts';

export interface LinkRoutesDeps {
  readonly exchange: MeteredExchange['exchange'];
  /** Undefined if LINK_TARGET_URL is not set. */
  readonly target: LinkTarget | undefined;
  readonly handOff: LinkHandOff;
  readonly checks: EntryChecks;
  /** True if every link first shows a page with a button. */
  readonly alwaysConfirms: boolean;
  /** True if the path of a link must be below one of the resources (`res`) of its token. */
  readonly checksResources: boolean;
  readonly openSession: FindOpenSession;
  readonly endSession: (session: SessionClaims) => Promise<void>;
}

const url = `${linkPrefix}*`;
const tags = ['gateway'];
const description =
  'The query is passed on to the target. A browser (`Accept: text/html`) receives errors as a page.';
const place = {
  type: 'string',
  description:
    'The path in the application, below LINK_TARGET_URL, with unencoded slashes. Optional. The query is passed on',
  examples: ['dashboards/sales'],
};
const token = tokenExamples.webAccessToken.value;
const redirect = { 303: Type.Null({ description: 'Redirects to the target and passes the session to it' }) };
const LinkForm = Type.Object(
  { wat: Type.String({ description: 'The Web Access Token' }) },
  { title: 'LinkForm', additionalProperties: true, examples: [{ wat: token }] },
);
const formType = 'application/x-www-form-urlencoded';
const answers = {
  response: redirect,
  answerHeaders: [
    {
      ...{ name: 'location', component: 'target' },
      description: 'The target of the link. With LINK_HANDOFF=code, its query contains wat_code',
    },
    {
      ...{ name: 'set-cookie', component: 'link-cookie' },
      description:
        'With LINK_HANDOFF=cookie: wat_session, and wat_entry_... for 60 seconds. Both are HttpOnly',
      isOptional: true,
    },
  ],
  errors: [
    ...exchangeErrors,
    gatewayErrors.link_path_invalid,
    gatewayErrors.prefetch_refused,
    gatewayErrors.not_a_page_load,
    gatewayErrors.cross_site_frame,
    gatewayErrors.link_target_missing,
    platformErrors.uri_too_long,
  ],
  hasErrorPages: true,
} as const;
const sendForm = `Send a form (${formType}) with the token in the field wat.`;

/**
 * Registers the link entry routes, which start one session and redirect to the application. All checks that do not
 * need the token run before the exchange, so that a failed check does not count a session.
 */
export function registerLinkRoutes(server: HttpServer, deps: LinkRoutesDeps): void {
  server.register(async (scope) => {
    acceptOnlyForms(scope as HttpServer);
    registerLink(scope as HttpServer, deps);
    registerForm(scope as HttpServer, deps);
  });
}

function registerLink(scope: HttpServer, deps: LinkRoutesDeps): void {
  scope.get(
    url,
    {
      // Fastify's automatic HEAD route would run the same handler and count a session.
      exposeHeadRoute: false,
      config: {
        ...{ access: 'public', isReadOnly: true, loggedAs: `${linkPrefix}[token]/...` },
        // The token is not a route parameter, because the router has one length limit for all parameters. Tokens are
        // longer.
        describedAs: `${linkPrefix}:token/*`,
      },
      schema: {
        operationId: 'openLink',
        summary: 'Open a link: start a session and redirect to the target',
        description: `${description} HEAD requests and prefetches start no session.`,
        tags,
        unvalidated: {
          params: {
            token: {
              type: 'string',
              description: 'The Web Access Token, at most 12 KiB',
              examples: [token],
            },
            path: place,
          },
        },
        ...answers,
      },
      onRequest: deps.checks.rejectOtherLoads,
    },
    (request, reply) => {
      const link = readLink(request.url);
      const target = resolveTarget(link, deps.target);
      return open(deps, { ...link, target, isConfirmed: false }, request, reply);
    },
  );
}

function registerForm(scope: HttpServer, deps: LinkRoutesDeps): void {
  scope.post(
    url,
    {
      config: { access: 'public', loggedAs: `${linkPrefix}...` },
      schema: {
        operationId: 'openLinkByForm',
        summary: 'Open a link whose token is too long for a URL',
        description,
        tags,
        unvalidated: { params: { path: place } },
        body: { content: { [formType]: { schema: LinkForm } } },
        ...answers,
      },
      onRequest: deps.checks.rejectOtherLoads,
    },
    (request, reply) => {
      const location = readLocation(request.url);
      const target = resolveTarget(location, deps.target);
      return open(deps, { ...location, ...readForm(request.body), target }, request, reply);
    },
  );
}

/** A link whose path is valid. */
interface ResolvedLink extends LinkLocation {
  readonly token: string;
  readonly target: string;
  /** True if the viewer has confirmed that this link replaces the session of another link. */
  readonly isConfirmed: boolean;
}

/**
 * Exchanges the token of a link and redirects to the link's target. If a check fails or the viewer must confirm,
 * sends a page instead.
 */
async function open(deps: LinkRoutesDeps, link: ResolvedLink, request: FastifyRequest, reply: FastifyReply) {
  const { token, target } = link;
  reply.header('cache-control', 'no-store');
  if (deps.checks.hasAnswered(request, reply, token)) return reply;
  const pending = { token, target, action: `${linkPrefix}${link.path}${link.query}` };
  if (deps.alwaysConfirms && request.method === 'GET') return sendConfirmPage(reply, 'open', pending);
  const { storeSession, finish } = deps.handOff(target);
  const current = await deps.openSession(request);
  let isReplacing = false;
  const inspect = (openedToken: OpenedToken) => {
    if (deps.checksResources && !isPathGranted(link.path, openedToken.claims.passthroughClaims))
      throw new RefusedToken('resource', openedToken);
    isReplacing = current !== undefined && !isSameViewer(current, openedToken);
    if (isReplacing && !link.isConfirmed) throw new AppError(gatewayErrors.link_unconfirmed);
  };
  /**
   * Ends the session of the other link, then stores the new session. Both happen before the new session is counted.
   * If one fails, no session is counted.
   */
  const replaceSession: StoreSession = async (session) => {
    if (isReplacing && current !== undefined) await deps.endSession(current);
    await storeSession?.(session);
  };
  try {
    const store = current === undefined ? storeSession : replaceSession;
    const session = await deps.exchange(request, token, 'link', store, inspect);
    return reply.redirect(finish(session, reply), 303);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== gatewayErrors.link_unconfirmed.code) throw error;
    return sendConfirmPage(reply, 'replace', pending);
  }
}

function resolveTarget({ path, query }: LinkLocation, target: LinkTarget | undefined): string {
  if (target === undefined)
    throw new AppError(gatewayErrors.link_target_missing, {
      detail: 'The operator must set LINK_TARGET_URL to the address of the application that links lead to.',
    });
  const address = target(path, query);
  if (address !== undefined) return address;
  throw new AppError(gatewayErrors.link_path_invalid);
}

/** Accepts only HTML forms as bodies, and reads only the field `wat` (the token). */
function acceptOnlyForms(scope: HttpServer): void {
  scope.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer' as const, bodyLimit: bodyLimitBytes };
  scope.addContentTypeParser(formType, options, (request, body: Buffer, done) => {
    const fault = findEncodingFault(request, body);
    if (fault !== undefined) return done(fault);
    const fields = new URLSearchParams(String(body));
    const [token, ...others] = fields.getAll('wat');
    const wat = others.length === 0 ? token : [token, ...others];
    done(null, { ...(token !== undefined && { wat }), confirm: fields.has(confirmField) });
  });
  scope.addContentTypeParser('*', (_request, _payload, done) =>
    done(new AppError(platformErrors.unsupported_media_type, { detail: sendForm })),
  );
}

/**
 * Returns the token in a form. The body must be validated here, because Fastify does not validate a request without a
 * content type.
 */
function readForm(body: unknown): Pick<ResolvedLink, 'token' | 'isConfirmed'> {
  const { wat, confirm } = (body ?? {}) as { wat?: unknown; confirm?: unknown };
  if (typeof wat === 'string') return { token: wat, isConfirmed: confirm === true };
  const faults = [{ path: '/wat', message: 'is missing' }];
  throw new AppError(platformErrors.invalid_request, { detail: sendForm, faults });
}
