import { exampleValues } from '../platform/http/openapi/example-values.ts';
import type { NotesByRoute, OperationNotes } from '../platform/http/openapi/notes.ts';

const configurationId = exampleValues.configurationId.value;
const timeZone = 'Europe/Berlin';
const filter = { timeZone, configurationId: [configurationId], tag: ['newsletter'], match: 'any' };
const frame = {
  timeZone,
  dayStart: '2026-11-21T00:00:00.000+01:00',
  completeThrough: '2026-11-21T09:00:00.250Z',
};
const counts = { lastUsed: '2026-11-21T09:59:30.019+01:00', today: 3, total: 41 };

const read = {
  problems: ['invalid_time_zone', 'usage_unavailable'],
} as const satisfies Partial<OperationNotes>;

/** What the OpenAPI document says of usage beside its schemas. */
export const usageOperations: NotesByRoute = {
  'GET /api/v1/usage/summary': {
    ...read,
    operationId: 'getUsage',
    request: { query: filter },
    answer: { ...frame, ...counts },
  },
  'GET /api/v1/usage/configurations': {
    ...read,
    operationId: 'listUsageByConfiguration',
    request: { query: { ...filter, limit: 50 } },
    answer: {
      ...frame,
      items: [{ configurationId, name: 'Customer dashboards', deletedAt: null, ...counts }],
      nextCursor: null,
    },
  },
  'GET /api/v1/usage/tags': {
    ...read,
    operationId: 'listUsageByTag',
    request: { query: { ...filter, limit: 50 } },
    answer: {
      ...frame,
      distinctSessions: 41,
      items: [{ tag: 'newsletter', ...counts }],
      nextCursor: null,
    },
  },
  'GET /api/v1/usage/tags/:tag': {
    ...read,
    operationId: 'getUsageOfTag',
    request: { params: { tag: 'newsletter' }, query: { timeZone } },
    answer: { tag: 'newsletter', ...frame, ...counts },
  },
  'GET /api/v1/web-access-tokens/configurations/:id/usage': {
    operationId: 'getUsageOfConfiguration',
    problems: [...read.problems, 'configuration_not_found'],
    request: { params: { id: configurationId }, query: { timeZone } },
    answer: { configurationId, name: 'Customer dashboards', ...frame, ...counts },
  },
};
