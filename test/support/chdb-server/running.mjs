import { randomUUID } from 'node:crypto';
import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { literal } from './engine.mjs';

const structure =
  'is_initial_query UInt8, user String, query_id String, initial_query_id String, elapsed Float64, query String, ' +
  'is_cancelled UInt8, current_database String, query_kind String';

/**
 * Creates the list of running requests, which system.processes shows. chdb does not know the query ids of clients,
 * so the chdb server keeps this list. A request is added when its head has arrived, long before its body, and is
 * removed when its statement has finished.
 */
export function createRunning(directory) {
  const running = new Map();

  return {
    has: (queryId) => running.has(queryId),
    /** @param {() => void} cancel cancels the request if its body is still arriving. */
    enter({ queryId, user, query, database, cancel }) {
      let leave;
      const left = new Promise((resolve) => {
        leave = resolve;
      });
      const entry = {
        queryId,
        user,
        query,
        database,
        cancel,
        left,
        cancelled: false,
        startMs: performance.now(),
      };
      running.set(queryId, entry);
      return {
        entry,
        leave() {
          running.delete(queryId);
          leave();
        },
      };
    },
    get: (queryId) => running.get(queryId),
    /** Provides the list as a table expression while `use` runs. */
    async asTable(use) {
      const path = join(directory, `processes-${randomUUID()}`);
      await writeFile(path, [...running.values()].map(rowOf).join('\n'));
      try {
        return await use(`file(${literal(path)}, JSONEachRow, ${literal(structure)})`);
      } finally {
        await unlink(path);
      }
    },
  };
}

function rowOf({ queryId, user, query, database, cancelled, startMs }) {
  return JSON.stringify({
    is_initial_query: 1,
    user,
    query_id: queryId,
    initial_query_id: queryId,
    elapsed: (performance.now() - startMs) / 1000,
    query,
    is_cancelled: cancelled ? 1 : 0,
    current_database: database,
    query_kind: /^\s*(\w*)/.exec(query)[1],
  });
}
