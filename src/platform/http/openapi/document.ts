import { fastify } from 'fastify';
import type { ErrorTable } from '../../errors/define-errors.ts';
import type { CollectedRoute } from '../routes/collect-routes.ts';
import { completeDocument } from './complete-document.ts';
import type { GuardDescription } from './components/security.ts';
import type { OpenApiDocument } from './document-types.ts';
import type { ExampleValues } from './example-values.ts';
import { describeRoute } from './operation.ts';
import { problemSchemaOf } from './problems.ts';

export interface OpenApiSource {
  readonly info: OpenApiDocument['info'];
  readonly serverUrl: string;
  /** Descriptions of the tags, in the order of the document. */
  readonly tags: Readonly<Record<string, string>>;
  readonly routes: readonly CollectedRoute[];
  /** All errors that the routes can return. */
  readonly errors: ErrorTable;
  readonly guard: GuardDescription;
  /** Security schemes, keyed by the names that the routes use. */
  readonly securitySchemes: Readonly<Record<string, object>>;
  readonly exampleValues: ExampleValues;
}

/**
 * Builds the OpenAPI 3.1 document of the routes with @fastify/swagger. The plugin runs on a separate server that
 * never listens. It is imported only when the first document is built, because the import takes a tenth of a second.
 * @throws Error with all problems that `openApiFaults` returns.
 */
export async function createOpenApi(source: OpenApiSource): Promise<OpenApiDocument> {
  const { default: swagger } = await import('@fastify/swagger');
  const server = fastify({ exposeHeadRoutes: false });
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => () => '');
  await server.register(swagger, {
    openapi: documentFrame(source) as object,
    transform: ({ route }) => describeRoute(route, source.guard) as never,
    transformObject: (result) => completeDocument((result as never)['openapiObject']) as object,
    convertConstToEnum: false,
    stripBasePath: false,
  });
  for (const { method, url, access, schema } of source.routes.filter(isOperation))
    server.route({
      ...{ method, url, schema: schema as object },
      ...(access !== undefined && { config: { access } }),
      handler: () => undefined,
    });
  await server.ready();
  return server.swagger() as unknown as OpenApiDocument;
}

/**
 * Returns whether the document contains a route. Routes without an access rule serve the files of the web app and are
 * not in it.
 */
export function isOperation({ access, schema }: CollectedRoute): boolean {
  return access !== undefined && schema.hide !== true;
}

function documentFrame({ info, serverUrl, tags, errors, securitySchemes, exampleValues }: OpenApiSource) {
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: serverUrl }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    components: { securitySchemes, schemas: { Problem: problemSchemaOf(errors) } },
    'x-example-values': exampleValues,
  };
}
