import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { accessErrors } from '../../access/declarations/errors.ts';
import { pagingParameters, readPage } from '../../platform/http/routes/paging.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import { NoQuery, strict, toInstant, withExample } from '../../platform/http/routes/schemas.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { ForgetRequest, ForgetRequests } from './forget-requests.ts';
import type { ForgetViewer } from './forget-viewer.ts';
import { goneByMs, stateOf, type TraceConfig } from './trace-times.ts';
import { ForgetRequestList, ForgottenViewer, forgottenExample, ViewerToForget } from './viewer-schemas.ts';

export interface ViewerRoutesDeps {
  readonly forget: ForgetViewer;
  readonly requests: Pick<ForgetRequests, 'list'>;
  readonly times: TraceConfig;
  /** Returns the organisation whose data a request may access, or undefined for all organisations. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  /**
   * Returns the organisation `wanted`, or the default organisation of the request.
   * @throws AppError `organisation_not_found` if the request may not access the organisation.
   */
  readonly organisationOfViewer: (request: FastifyRequest, wanted: string | undefined) => string;
}

const path = '/api/v1/usage/viewers/forget';
const config = { access: { scope: 'admin' } } as const;
const tags = ['usage'];

/** Creates the routes that forget a viewer and list such requests (docs/how-to/forget-a-viewer.md). */
export function createViewerRoutes(deps: ViewerRoutesDeps): RegisterRoutes {
  return (server) => {
    registerForget(server, deps);
    registerList(server, deps);
  };
}

function registerForget(server: HttpServer, { forget, times, organisationOfViewer }: ViewerRoutesDeps): void {
  server.post(
    path,
    {
      config,
      schema: {
        operationId: 'forgetViewer',
        summary: 'Replace the pseudonym of a viewer by a random one',
        description:
          'Counts and unique viewers of ranges before the request stay the same, and no session leads back to the viewer. Also deletes the entries of the viewer in the directory, the revocations and the stored claims: tokens that were revoked by viewer are valid again. The response states when the last trace is gone. A later session of the viewer belongs to a new viewer.',
        tags,
        querystring: NoQuery,
        body: ViewerToForget,
        response: { 202: withExample(ForgottenViewer, forgottenExample) },
        errors: [accessErrors.organisation_not_found],
      },
    },
    async (request, reply) => {
      const { subject, organisationId: wanted } = request.body;
      const organisationId = organisationOfViewer(request, wanted);
      const { request: forgotten, deleted } = await forget(organisationId, subject);
      request.auditNote = { target: forgotten.id, organisationId, details: { ...deleted } };
      reply.code(202).header('cache-control', 'no-store');
      return { ...toAnswer(forgotten, times), deleted: { ...deleted } };
    },
  );
}

function registerList(server: HttpServer, { requests, times, organisationOf }: ViewerRoutesDeps): void {
  server.get(
    path,
    {
      config,
      schema: {
        operationId: 'listForgetRequests',
        summary: 'List requests to forget viewers, newest first',
        description: 'A request does not contain the viewer.',
        tags,
        querystring: Type.Object(pagingParameters, strict),
        response: { 200: ForgetRequestList },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return readPage(
        request.query,
        (limit, after) => requests.list(organisationOf(request), limit, after),
        ({ requestedAtMs, id }) => [requestedAtMs, id],
        (each) => toAnswer(each, times),
      );
    },
  );
}

function toAnswer(request: ForgetRequest, times: TraceConfig) {
  return {
    id: request.id,
    organisationId: request.organisationId,
    requestedAt: toInstant(request.requestedAtMs),
    state: stateOf(request),
    goneBy: toInstant(goneByMs(request, times)),
  };
}
