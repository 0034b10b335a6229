import fastifyCookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { AppError } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';
import type { Logger } from '../logger.ts';
import { drainConnections } from './drain.ts';
import { addVary } from './problems/cache-rules.ts';
import { toAppError } from './problems/framework-errors.ts';
import { parseJsonStrictly } from './problems/json-body.ts';
import { unroutedError } from './problems/method-not-allowed.ts';
import { rejectUnexpectedBodies } from './problems/no-body.ts';
import { sendProblem } from './problems/problems.ts';
import { answerUnreadable, rejectUnknownExpectations } from './problems/unreadable-requests.ts';
import { createValidatorCompiler } from './problems/validation.ts';
import { withAllFaults } from './problems/validation-faults.ts';
import { acceptsPage } from './routes/accept.ts';
import { limitSizes, parserLimitBytes } from './size-limits.ts';

export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface HttpServerConfig {
  readonly trustProxy: boolean | string[];
  readonly errorPages?: ErrorPages;
  /** How long running requests can continue after the server has begun to stop. */
  readonly drainMs?: number;
}

/** Error pages for browsers. */
export interface ErrorPages {
  /** Path prefix. Requests below it get an error page if they accept `text/html`. */
  readonly below: string;
  readonly send: (reply: FastifyReply, error: AppError) => FastifyReply;
}

/** Maximum body size of all routes (docs/reference/http-api.md). */
export const bodyLimitBytes = 256 * 1024;

/**
 * Default of `drainMs`. It is shorter than the time after which a stopping process exits anyway
 * (src/cli/actions/start.ts).
 */
const defaultDrainMs = 10_000;

/**
 * Creates a Fastify server. It accepts only JSON bodies, returns errors as problem documents, and logs neither URLs
 * nor headers. It does not listen yet.
 */
export async function createHttpServer(config: HttpServerConfig, logger: Logger): Promise<HttpServer> {
  const sendError = createSendError(config);
  const server = fastify({
    // Node would reject a request without Host with an empty response. `limitSizes` checks the header.
    http: { maxHeaderSize: parserLimitBytes, requireHostHeader: false },
    trustProxy: config.trustProxy,
    bodyLimit: bodyLimitBytes,
    logger: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 2048 },
    frameworkErrors: (error, request, reply) => {
      sendError(request as never, reply as never, toAppError(error));
    },
    clientErrorHandler: answerUnreadable,
  }).withTypeProvider<TypeBoxTypeProvider>();

  rejectUnknownExpectations(server.server);
  server.setValidatorCompiler(createValidatorCompiler());
  parseJsonStrictly(server);
  server.setNotFoundHandler((request, reply) => sendError(request, reply, unroutedError(request, reply)));
  server.setErrorHandler((error, request, reply) => {
    const { validation } = error as Partial<FastifyError>;
    const appError = validation ? withAllFaults(error as FastifyError, request) : toAppError(error);
    if (appError.kind === 'internal') {
      logger.error({ err: error, route: routeOf(request) }, 'a request failed');
    }
    return sendError(request, reply, appError);
  });
  await server.register(fastifyCookie);
  refuseWhileStopping(server);
  drainConnections(server, config.drainMs ?? defaultDrainMs);
  rejectUnexpectedBodies(server);
  addSecurityHeaders(server);
  limitSizes(server);
  addRequestLog(server, logger);
  return server;
}

/**
 * Creates a function that sends an error. The response is an error page if `errorPages` applies to the request, and
 * otherwise a problem document.
 */
function createSendError({ errorPages }: HttpServerConfig) {
  return (request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply => {
    if (errorPages === undefined || !request.url.startsWith(errorPages.below))
      return sendProblem(reply, error);
    addVary(reply, 'Accept');
    return acceptsPage(request) ? errorPages.send(reply, error) : sendProblem(reply, error);
  };
}

/** Makes a stopping server return the error `stopping` for requests on connections that are still open. */
function refuseWhileStopping(server: HttpServer): void {
  let isStopping = false;
  server.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  server.addHook('onRequest', (_request, reply, done) => {
    if (!isStopping) return done();
    reply.header('connection', 'close');
    done(new AppError(platformErrors.stopping, { retryAfterSeconds: 2 }));
  });
}

function addSecurityHeaders(server: HttpServer): void {
  server.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    done();
  });
}

/**
 * Logs one line per request at debug level. The line contains the route's URL pattern instead of the URL, which may
 * contain secrets.
 */
function addRequestLog(server: HttpServer, logger: Logger): void {
  if (!logger.isLevelEnabled('debug')) return;
  server.addHook('onResponse', (request, reply, done) => {
    const { method } = request.routeOptions;
    logger.debug(
      { method, route: routeOf(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
    done();
  });
}

/** Returns the URL pattern of the route that a request matches, or undefined if it matches none. */
export function routeOf({ routeOptions }: FastifyRequest): string | undefined {
  return routeOptions.config.loggedAs ?? routeOptions.url;
}
