import type { FastifyRequest } from 'fastify';
import type { Logger } from '../../platform/logger.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import { usageErrors } from '../declarations/errors.ts';
import type { UsageFilter } from '../query/query.ts';

/** What every route of usage reads. */
export interface EndpointDeps {
  readonly answers: AnswerDeps;
  /** The organisation that a request may see; undefined: all. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  readonly logger: Logger;
}

/** Parameters of a filter, as a schema has checked them. */
export interface FilterParameters {
  readonly configurationId?: string[];
  readonly tag?: string[];
  readonly match?: 'any' | 'all';
  readonly untagged?: boolean;
}

/** The rule of routes that wait in the queue of usage queries. */
export const queryRule = { access: { scope: 'usage:read' }, isUsageQuery: true } as const;
export const usageRule = { access: { scope: 'usage:read' } } as const;
/** The errors that every read of usage may answer. */
export const readErrors = [
  ...[usageErrors.invalid_time_zone, usageErrors.usage_busy],
  ...[usageErrors.usage_unavailable, usageErrors.query_timeout],
];

/** Returns the filter of a request. Tags are compared in Unicode's composed form, as sessions carry them. */
export function filterOf(parameters: FilterParameters, organisationId: string | undefined): UsageFilter {
  return {
    organisationId,
    configurationIds: parameters.configurationId ?? [],
    tags: (parameters.tag ?? []).map((tag) => tag.normalize('NFC')),
    match: parameters.match ?? 'any',
    untagged: parameters.untagged ?? false,
  };
}
