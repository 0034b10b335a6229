import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { findEncodingFault } from '../../platform/http/problems/json-body.ts';
import { bodyLimitBytes, type HttpServer } from '../../platform/http/server.ts';
import { tokenExamples } from '../../tokens/declarations/examples.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { exchangeErrors } from '../exchange/exchange-errors.ts';
import type { MeteredExchange } from '../exchange/metered-exchange.ts';
import type { LinkHandOff } from './link-hand-off.ts';
import type { LinkTarget } from './link-target.ts';
import { type LinkLocation, linkPrefix, readLink, readLocation } from './link-url.ts';

export interface LinkRoutesDeps {
  readonly exchange: MeteredExchange['exchange'];
  /** Undefined if LINK_TARGET_URL is not set. */
  readonly target: LinkTarget | undefined;
  readonly handOff: LinkHandOff;
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
      onRequest: refusePrefetch,
    },
    (request, reply) => {
      const link = readLink(request.url);
      return open(deps, { token: link.token, target: resolveTarget(link, deps.target) }, request, reply);
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
      onRequest: refusePrefetch,
    },
    (request, reply) => {
      const target = resolveTarget(readLocation(request.url), deps.target);
      return open(deps, { token: readFormToken(request.body), target }, request, reply);
    },
  );
}

/** Exchanges the token of a link and redirects to its target. */
async function open(
  deps: LinkRoutesDeps,
  { token, target }: { readonly token: string; readonly target: string },
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { storeSession, finish } = deps.handOff(target);
  reply.header('cache-control', 'no-store');
  const session = await deps.exchange(request, token, 'link', storeSession);
  return reply.redirect(finish(session, reply), 303);
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

/**
 * Rejects prefetches, because a browser may prefetch links that the viewer never opens. A prefetch has the header
 * `Sec-Purpose` (Fetch, 3.6), or `Purpose`, `X-Purpose` or `X-Moz` in older browsers.
 */
function refusePrefetch({ headers }: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void) {
  const purposes = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']];
  const isPrefetch = purposes
    .flat()
    .some((purpose) => /^\s*(prefetch|prerender|preview)\b/i.test(purpose ?? ''));
  done(isPrefetch ? new AppError(gatewayErrors.prefetch_refused) : undefined);
}

/** Accepts only HTML forms as bodies, and reads only the field `wat` (the token). */
function acceptOnlyForms(scope: HttpServer): void {
  scope.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer' as const, bodyLimit: bodyLimitBytes };
  scope.addContentTypeParser(formType, options, (request, body: Buffer, done) => {
    const fault = findEncodingFault(request, body);
    if (fault !== undefined) return done(fault);
    const [token, ...others] = new URLSearchParams(String(body)).getAll('wat');
    done(null, { ...(token !== undefined && { wat: others.length === 0 ? token : [token, ...others] }) });
  });
  scope.addContentTypeParser('*', (_request, _payload, done) =>
    done(new AppError(platformErrors.unsupported_media_type, { detail: sendForm })),
  );
}

/**
 * Returns the token in a form. The body must be validated here, because Fastify does not validate a request without a
 * content type.
 */
function readFormToken(body: unknown): string {
  const { wat } = (body ?? {}) as { wat?: unknown };
  if (typeof wat === 'string') return wat;
  const faults = [{ path: '/wat', message: 'is missing' }];
  throw new AppError(platformErrors.invalid_request, { detail: sendForm, faults });
}
