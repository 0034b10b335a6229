import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { exampleValues } from '../../platform/http/openapi/example-values.ts';
import { bodyLimitBytes, type HttpServer } from '../../platform/http/server.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { exchangeErrors } from '../exchange/exchange-errors.ts';
import type { MeteredExchange } from '../exchange/metered-exchange.ts';
import type { LinkHandOff } from './link-hand-off.ts';
import type { LinkTarget } from './link-target.ts';
import { type LinkPlace, linkPrefix, readLink, readPlace } from './link-url.ts';

export interface LinkRoutesDeps {
  readonly exchange: MeteredExchange['exchange'];
  /** Undefined where no setting says where links lead. */
  readonly target: LinkTarget | undefined;
  readonly handOff: LinkHandOff;
}

const url = `${linkPrefix}*`;
const tags = ['gateway'];
const description =
  'The query goes along to the target. A browser (`Accept: text/html`) gets errors as a page.';
const place = {
  type: 'string',
  description:
    'Where in the application: below LINK_TARGET_URL, slashes not encoded. May be left out. The query goes along',
  examples: ['dashboards/sales'],
};
const token = exampleValues.webAccessToken.value;
const redirect = { 303: Type.Null({ description: 'To the target; the session is handed off' }) };
const LinkForm = Type.Object(
  { wat: Type.String({ description: 'The web access token' }) },
  { title: 'LinkForm', additionalProperties: true, examples: [{ wat: token }] },
);
const formType = 'application/x-www-form-urlencoded';
const answers = {
  response: redirect,
  answerHeaders: [
    {
      ...{ name: 'location', component: 'target' },
      description: 'Where the link leads; with LINK_HANDOFF=code, wat_code is in its query',
    },
    {
      ...{ name: 'set-cookie', component: 'link-cookie' },
      description: 'With LINK_HANDOFF=cookie: wat_session, and wat_entry_... for a minute; both HttpOnly',
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

/** The link entry: one session, then the application. Whatever can be refused without the token is refused first. */
export function registerLinkRoutes(server: HttpServer, deps: LinkRoutesDeps): void {
  server.register(async (scope) => {
    takeFormsOnly(scope as HttpServer);
    registerLink(scope as HttpServer, deps);
    registerForm(scope as HttpServer, deps);
  });
}

function registerLink(scope: HttpServer, deps: LinkRoutesDeps): void {
  scope.get(
    url,
    {
      // A HEAD would be answered by the same handler, and count.
      exposeHeadRoute: false,
      config: {
        ...{ access: 'public', isReadOnly: true, loggedAs: `${linkPrefix}[token]/...` },
        // The token is no parameter of the route, whose length the router limits for all of them together.
        describedAs: `${linkPrefix}:token/*`,
      },
      schema: {
        operationId: 'openLink',
        summary: 'Open a link: one session, then the target',
        description: `${description} HEAD and prefetches open nothing.`,
        tags,
        unvalidated: {
          params: {
            token: {
              type: 'string',
              description: 'The web access token, up to 12 KiB',
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
      return open(deps, { token: link.token, target: targetOf(link, deps.target) }, request, reply);
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
      const target = targetOf(readPlace(request.url), deps.target);
      return open(deps, { token: tokenIn(request.body), target }, request, reply);
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
  const { keep, finish } = deps.handOff(target);
  reply.header('cache-control', 'no-store');
  return reply.redirect(finish(await deps.exchange(request, token, 'link', keep), reply), 303);
}

function targetOf({ path, query }: LinkPlace, target: LinkTarget | undefined): string {
  if (target === undefined)
    throw new AppError(gatewayErrors.link_target_missing, {
      detail: 'The operator has to set LINK_TARGET_URL, the address of the application that links lead to.',
    });
  const found = target(path, query);
  if (found !== undefined) return found;
  throw new AppError(gatewayErrors.link_path_invalid);
}

/**
 * Browsers open links that people may never follow: `Sec-Purpose` (Fetch, 3.6), and `Purpose`, `X-Purpose` and `X-Moz`
 * of those from before it.
 */
function refusePrefetch({ headers }: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void) {
  const purposes = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']];
  const isAhead = purposes
    .flat()
    .some((purpose) => /^\s*(prefetch|prerender|preview)\b/i.test(purpose ?? ''));
  done(isAhead ? new AppError(gatewayErrors.prefetch_refused) : undefined);
}

/** The body of an HTML form, and nothing else. Of its fields only the token is read. */
function takeFormsOnly(scope: HttpServer): void {
  scope.removeAllContentTypeParsers();
  const options = { parseAs: 'string' as const, bodyLimit: bodyLimitBytes };
  scope.addContentTypeParser(formType, options, (_request, body, done) => {
    const [token, ...others] = new URLSearchParams(String(body)).getAll('wat');
    done(null, { ...(token !== undefined && { wat: others.length === 0 ? token : [token, ...others] }) });
  });
  scope.addContentTypeParser('*', (_request, _payload, done) =>
    done(new AppError(platformErrors.unsupported_media_type, { detail: sendForm })),
  );
}

/** A body without a type is not validated: there is none. */
function tokenIn(body: unknown): string {
  const { wat } = (body ?? {}) as { wat?: unknown };
  if (typeof wat === 'string') return wat;
  const faults = [{ path: '/wat', message: 'is missing' }];
  throw new AppError(platformErrors.invalid_request, { detail: sendForm, faults });
}
