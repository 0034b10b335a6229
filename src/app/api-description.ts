import { readFileSync } from 'node:fs';
import { integrityOperations } from '../../consumers/integrity/operations.ts';
import { apiTokenOperations } from '../access/api-token-operations.ts';
import { accessOperations } from '../access/operations.ts';
import { gatewayOperations } from '../gateway/operations.ts';
import type { CollectedRoute } from '../platform/http/collect-routes.ts';
import { createOpenApi, type OpenApiDocument } from '../platform/http/openapi/document.ts';
import type { NotesByRoute } from '../platform/http/openapi/notes.ts';
import { systemOperations } from '../platform/http/operations.ts';
import { directoryOperations } from '../tokens/directory-operations.ts';
import { tokenOperations } from '../tokens/operations.ts';
import { usageOperations } from '../usage/operations.ts';
import { projectPaths } from './data-paths.ts';

/** What the rooms say of their operations. */
export const operationNotes: NotesByRoute = {
  ...gatewayOperations,
  ...tokenOperations,
  ...directoryOperations,
  ...usageOperations,
  ...integrityOperations,
  ...apiTokenOperations,
  ...accessOperations,
  ...systemOperations,
};

const description = [
  'Usage metering for Web Access Tokens: every session counted exactly once, in every time zone.',
  '',
  'Errors are problem documents (RFC 9457); go by their `code`. Unknown query parameters and unknown members of a',
  'body are refused. Lists take `limit` and `cursor`. Each operation names its scope in `security`. Every example works',
  'as it stands once the values in `x-example-values` are replaced by your own.',
].join('\n');

const license = { name: 'Apache License 2.0', identifier: 'Apache-2.0' };

/** The OpenAPI document of a process: what its role has, and only that. */
export function describeApi(
  routes: readonly CollectedRoute[],
  publicUrl: string | undefined,
): OpenApiDocument {
  const { version } = JSON.parse(readFileSync(projectPaths.packageFile, 'utf8')) as { version: string };
  return createOpenApi({
    info: { title: 'watmeter', version, description, license },
    serverUrl: publicUrl ?? '/',
    routes,
    notes: operationNotes,
  });
}
