import type { NotesByRoute } from '../../platform/http/openapi/notes.ts';
import type { DirectoryKind } from './directory-store.ts';

/** What the OpenAPI document says of the directory beside its schemas. */
export const directoryOperations: NotesByRoute = {
  ...operationsOf('subjects', 'Subject', { id: 'alice@example.com' }),
  ...operationsOf('resources', 'Resource', { id: 'dashboards/sales', dataSources: ['Sales'] }),
};

function operationsOf(
  kind: DirectoryKind,
  noun: string,
  item: { readonly id: string; readonly dataSources?: readonly string[] },
): NotesByRoute {
  const path = `/api/v1/directory/${kind}`;
  return {
    [`GET ${path}`]: {
      operationId: `list${noun}s`,
      request: { query: { limit: 50 } },
      answer: { items: [item], nextCursor: null },
    },
    [`POST ${path}`]: {
      operationId: `register${noun}s`,
      request: { body: { items: [item] } },
      answer: { upserted: 1 },
    },
    [`POST ${path}/delete`]: {
      operationId: `delete${noun}s`,
      request: { body: { ids: [item.id] } },
      answer: { deleted: 1 },
    },
    [`DELETE ${path}/:id`]: {
      operationId: `delete${noun}`,
      problems: ['not_found'],
      request: { params: { id: item.id } },
    },
  };
}
