import { readFileSync } from 'node:fs';
import { guardDescription } from '../access/declarations/guard.ts';
import { createOpenApi } from '../platform/http/openapi/document.ts';
import type { OpenApiDocument } from '../platform/http/openapi/document-types.ts';
import type { CollectedRoute } from '../platform/http/routes/collect-routes.ts';
import { projectPaths } from './data-paths.ts';
import { errors, exampleValues, securitySchemes, tags } from './declared.ts';

const description = [
  'Usage metering for Web Access Tokens: every session counted exactly once, in every time zone.',
  '',
  'Errors are problem documents (RFC 9457); go by their `code`. Unknown query parameters and unknown members of a',
  'body are refused, but not where a web access token or a session is the credential. Lists take `limit` and `cursor`.',
  'Each operation names its scope in `security`. Every example works as it stands once the values in',
  '`x-example-values` are replaced by your own. Of other origins (CORS) only those of the setting ALLOWED_ORIGINS may',
  'call, and only exchange, redeem, renew and claims, without cookies.',
].join('\n');

const license = { name: 'Apache License 2.0', identifier: 'Apache-2.0' };

/** Returns the OpenAPI document of a process: of the routes of its role. */
export async function describeApi(
  routes: readonly CollectedRoute[],
  publicUrl: string | undefined,
): Promise<OpenApiDocument> {
  const { version } = JSON.parse(readFileSync(projectPaths.packageFile, 'utf8')) as { version: string };
  return createOpenApi({
    info: { title: 'watmeter', version, description, license },
    serverUrl: publicUrl ?? '/',
    ...{ tags, routes, errors, securitySchemes, exampleValues },
    guard: guardDescription,
  });
}
