import type { NotesByRoute } from '../../src/platform/http/openapi/notes.ts';

const counts = { accepted: 41, stored: 41, deadLettered: 0, waiting: 0, missing: 0, surplus: 0 };

/** What the OpenAPI document says of the integrity check beside its schema. */
export const integrityOperations: NotesByRoute = {
  'GET /api/v1/usage/integrity': {
    operationId: 'checkIntegrity',
    problems: ['all_organisations_needed', 'usage_unavailable'],
    request: { query: { depth: 'full' } },
    answer: {
      exact: true,
      depth: 'full',
      checkedAt: '2026-11-21T09:00:00.250Z',
      journals: ['own'],
      totals: counts,
      namelessLetters: 0,
      streams: [{ producer: '01993f0a-0000-7b3a-9d52-8f4e1c7a2b60', partition: 0, ...counts }],
      findings: {
        holes: [],
        doubledEvents: [],
        doubledSessions: [],
        differingRows: [],
        driftedProjections: [],
        isCutShort: false,
      },
    },
  },
};
