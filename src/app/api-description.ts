import { readFileSync } from 'node:fs';
import { guardErrors } from '../access/declarations/errors.ts';
import type { CollectedRoute } from '../platform/http/collect-routes.ts';
import { createOpenApi } from '../platform/http/openapi/document.ts';
import type { OpenApiDocument } from '../platform/http/openapi/document-types.ts';
import { projectPaths } from './data-paths.ts';
import { errors } from './modules.ts';

const description = [
  'Usage metering for Web Access Tokens: every session counted exactly once, in every time zone.',
  '',
  'Errors are problem documents (RFC 9457); go by their `code`. Unknown query parameters and unknown members of a',
  'body are refused, but not where a web access token or a session is the credential. Lists take `limit` and `cursor`.',
  'Each operation names its scope in `security`. Every example works as it stands once the values in',
  '`x-example-values` are replaced by your own. Of other origins (CORS) only those of the setting ALLOWED_ORIGINS may',
  'call, and only exchange, redeem, renew and claims, without cookies.',
].join('\n');

/** What the tags stand for, in the order of the document. */
const tags = {
  gateway: 'Web access tokens become sessions, each one counted. The token is the credential.',
  session:
    'What goes on in a session, counted or not. Its token is the credential, in headers or as a cookie.',
  'token configurations': 'Named key pairs that web access tokens are made with.',
  'web access tokens': 'Making and testing single tokens.',
  'token request service':
    'Tokens for back ends that hold an API token instead of a public key; revoking tokens.',
  directory: 'Viewers and resources of the application, which tests of tokens go by.',
  usage: 'Sessions, counted in any time zone.',
  'API tokens': 'What programs sign in with.',
  organisations: 'Everything belongs to one, and is seen by its API tokens only.',
  audit: 'Who did what; which links are still in use after their end.',
  dashboard: 'Signing a browser in.',
  health: 'For probes and scrapers, in every role.',
  description: 'What there is.',
};

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
    tags,
    routes,
    errors,
    guardErrors,
  });
}
