import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../src/platform/clock.ts';
import { AppError } from '../../src/platform/errors/errors.ts';
import type { RegisterRoutes } from '../../src/platform/http/routes/register-routes.ts';
import { NoQuery } from '../../src/platform/http/routes/schemas.ts';
import type { HttpServer } from '../../src/platform/http/server.ts';
import { usageErrors } from '../../src/usage/declarations/errors.ts';
import { consumerErrors } from '../declarations/errors.ts';
import { PartitionLostError } from '../store/event-store.ts';
import { checkSessions } from './check-sessions.ts';
import { importStreamOf } from './import-identity.ts';
import {
  ImportBody,
  type ImportedSession,
  ImportParams,
  ImportResult,
  ImportState,
  importBodyLimitBytes,
} from './import-schemas.ts';
import { type Importer, RowGapError } from './importer.ts';

export interface ImportRoutesDeps {
  readonly importer: Importer;
  /** Returns the organisation into which a request imports sessions. */
  readonly organisationOf: (request: FastifyRequest) => string;
  /** Returns whether an organisation has a configuration with this id. The configuration may be deleted. */
  readonly hasConfiguration: (id: string, organisationId: string) => Promise<boolean>;
  readonly clock: Clock;
}

const path = '/api/v1/usage/imports/:digest';
const access = { scope: 'ops:write' } as const;

/** Creates the routes that import sessions from another system (docs/how-to/import-sessions.md). */
export function createImportRoutes(deps: ImportRoutesDeps): RegisterRoutes {
  return (server) => {
    registerProgress(server, deps);
    registerStore(server, deps);
  };
}

function registerProgress(server: HttpServer, { importer, organisationOf }: ImportRoutesDeps): void {
  server.get(
    path,
    {
      config: { access },
      schema: {
        operationId: 'getImport',
        summary: 'Show how much of a file is imported',
        tags: ['usage'],
        params: ImportParams,
        querystring: NoQuery,
        response: { 200: ImportState },
        errors: [consumerErrors.import_busy, usageErrors.usage_unavailable],
      },
    },
    (request) =>
      translateErrors(() =>
        importer.progress({ organisationId: organisationOf(request), digest: request.params.digest }),
      ),
  );
}

function registerStore(server: HttpServer, deps: ImportRoutesDeps): void {
  server.post(
    path,
    {
      config: { access, isAuditedLater: true },
      bodyLimit: importBodyLimitBytes,
      schema: {
        operationId: 'importSessions',
        summary: 'Import sessions of another system',
        description:
          'Stores consecutive rows of a file. A row is stored once, however often it is sent. Send the rows in order.',
        tags: ['usage'],
        params: ImportParams,
        querystring: NoQuery,
        body: ImportBody,
        response: { 200: ImportResult },
        errors: [...Object.values(consumerErrors), usageErrors.usage_unavailable],
      },
    },
    async (request) => {
      const { first, sessions, dryRun = false } = request.body;
      const source = { organisationId: deps.organisationOf(request), digest: request.params.digest };
      const checked = await requireValid(sessions, source.organisationId, deps);
      const { organisationId } = source;
      request.auditNote = { target: importStreamOf(source).producer, organisationId, details: { dryRun } };
      if (dryRun)
        return {
          ...(await translateErrors(() => deps.importer.progress(source))),
          stored: 0,
          alreadyStored: 0,
        };
      return translateErrors(() => deps.importer.store(source, first, checked));
    },
  );
}

async function requireValid(
  sessions: readonly ImportedSession[],
  organisationId: string,
  { hasConfiguration, clock }: Pick<ImportRoutesDeps, 'hasConfiguration' | 'clock'>,
) {
  const ids = [...new Set(sessions.map(({ configurationId }) => configurationId))];
  const known = await Promise.all(ids.map((id) => hasConfiguration(id, organisationId)));
  const knownConfigurations = new Set(ids.filter((_, index) => known[index]));
  const { checked, faults } = checkSessions(sessions, { nowMs: clock.nowMs(), knownConfigurations });
  if (faults.length > 0) throw new AppError(consumerErrors.import_invalid, { faults });
  return checked;
}

async function translateErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RowGapError)
      throw new AppError(consumerErrors.import_gap, { members: { next: cause.next }, cause });
    if (cause instanceof PartitionLostError)
      throw new AppError(consumerErrors.import_busy, { retryAfterSeconds: 5, cause });
    throw new AppError(usageErrors.usage_unavailable, { retryAfterSeconds: 5, cause });
  }
}
