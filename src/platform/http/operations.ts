import type { NotesByRoute } from './openapi/notes.ts';

/** What the OpenAPI document says of the routes that every process has. */
export const systemOperations: NotesByRoute = {
  'GET /health/live': {
    operationId: 'getLiveness',
    answer: { status: 'live' },
  },
  'GET /health/ready': {
    operationId: 'getReadiness',
    security: [{}, { apiToken: ['ops'] }, { dashboard: ['ops'] }],
    answer: { status: 'ready', parts: [{ name: 'journal', trouble: null }], tzdata: '2026a' },
  },
  'GET /metrics': {
    operationId: 'getMetrics',
    security: [{}, { metricsToken: [] }],
    problems: ['metrics_not_allowed'],
    answer:
      '# HELP watmeter_ready Whether the process is ready: 1 or 0\n# TYPE watmeter_ready gauge\nwatmeter_ready 1\n',
  },
  'GET /api/v1/openapi.json': {
    operationId: 'getOpenApi',
    parameters: {
      header: {
        'if-none-match': { type: 'string', description: 'The ETag of what you have: 304 if it is still so' },
      },
    },
    answerHeaders: ['etag'],
    answer: { openapi: '3.1.0', info: { title: 'watmeter', version: '0.1.0' }, paths: {} },
  },
};
