import { guardDescription } from '../access/declarations/guard.ts';
import { createOpenApi } from '../platform/http/openapi/document.ts';
import type { OpenApiDocument } from '../platform/http/openapi/document-types.ts';
import type { CollectedRoute } from '../platform/http/routes/collect-routes.ts';
import { errors, exampleValues, securitySchemes, tags } from './declared.ts';
import { readVersion } from './version.ts';

const description = [
  'Usage metering for Web Access Tokens: every session counted exactly once, in every time zone.',
  '',
  'Errors are problem documents (RFC 9457) with a stable `code`. Unknown query parameters and body members are rejected,',
  'except in operations whose credential is a web access token or a session. Lists accept `limit` and `cursor`. Each',
  'operation lists its scope in `security`. The examples work after you replace the values in `x-example-values` with',
  'your own. Pages of other origins (CORS) can only call the exchange, redeem, renew and claims operations, without',
  'cookies, and only from the origins in the setting ALLOWED_ORIGINS.',
].join('\n');

const license = { name: 'Apache License 2.0', identifier: 'Apache-2.0' };

/** Returns the OpenAPI document for the given routes. */
export async function describeApi(
  routes: readonly CollectedRoute[],
  publicUrl: string | undefined,
): Promise<OpenApiDocument> {
  return createOpenApi({
    info: { title: 'watmeter', version: readVersion(), description, license },
    serverUrl: publicUrl ?? '/',
    ...{ tags, routes, errors, securitySchemes, exampleValues },
    guard: guardDescription,
  });
}
