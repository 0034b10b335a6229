import type { FastifyRequest } from 'fastify';
import type { Logger } from '../../platform/logger.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import { usageErrors } from '../declarations/errors.ts';
import type { UsageFilter } from '../query/query.ts';

/** Dependencies that all usage routes have. */
export interface EndpointDeps {
  readonly answers: AnswerDeps;
  /** Returns the organisation whose data a request may access. Undefined: all organisations. */
  readonly organisationOf: (request: FastifyRequest) => string | undefined;
  readonly logger: Logger;
}

/** Query parameters of the filter, validated by the schema. */
export interface FilterParameters {
  readonly configurationId?: string[];
  readonly tag?: string[];
  readonly match?: 'any' | 'all';
  readonly untagged?: boolean;
}

/** Configuration of routes whose requests wait in the queue of usage queries. */
export const queryRule = { access: { scope: 'usage:read' }, isUsageQuery: true } as const;
export const usageRule = { access: { scope: 'usage:read' } } as const;
/** Errors that all usage queries can return. */
export const readErrors = [
  ...[usageErrors.invalid_time_zone, usageErrors.usage_busy],
  ...[usageErrors.usage_unavailable, usageErrors.query_timeout],
];

/** Creates the filter of a request. Tags are normalised to NFC, because the tags of stored sessions are. */
export function filterOf(parameters: FilterParameters, organisationId: string | undefined): UsageFilter {
  return {
    organisationId,
    configurationIds: parameters.configurationId ?? [],
    tags: (parameters.tag ?? []).map((tag) => tag.normalize('NFC')),
    match: parameters.match ?? 'any',
    untagged: parameters.untagged ?? false,
  };
}
