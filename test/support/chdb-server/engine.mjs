import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

// Loads the native addon below the API of chdb. Only the addon can open one connection per statement, so that no state
// outlives a statement, and only the addon returns the number of rows that an INSERT wrote.
const require = createRequire(import.meta.url);
const native = require(join(dirname(require.resolve('chdb/package.json')), 'dist/loader.js')).loadNative();

const makePipe = promisify(execFile);

/** Data that no row format can parse. It prevents the engine from reading a truncated body as a complete body. */
const garbage = '\u0000cut\u0000';

/**
 * Opens chdb on a directory. Every statement runs on a new connection, so that its settings and parameters apply only
 * to this statement.
 * @param {string} directory
 * @param {string} pipeDirectory the directory of the named pipes for input()
 */
export function openEngine(directory, pipeDirectory) {
  const anchor = native.CreateConnection(directory);
  let pipes = 0;

  async function withConnection({ database, settings, params }, run) {
    const connection = native.CreateConnection(directory);
    try {
      if (database !== undefined) await command(connection, `USE ${identifier(database)}`);
      for (const [name, value] of settings)
        await command(connection, `SET ${identifier(name)} = ${literal(value)}`);
      for (const [name, value] of params)
        await command(connection, `SET ${identifier(`param_${name}`)} = ${literal(value)}`);
      return await run(connection);
    } finally {
      native.CloseConnection(connection);
    }
  }

  return {
    /** Runs a statement that returns rows. */
    read: (context, sql, format) =>
      withConnection(context, (connection) => native.QueryAsyncConnection(connection, sql, format)),

    /** Runs an INSERT with its data, if any. The result contains the number of written rows. */
    write: (context, sql, data) =>
      withConnection(context, (connection) =>
        native.InsertRawAsyncConnection(
          connection,
          `${sql}\n`,
          data?.length ? data : Buffer.from('\n'),
          false,
        ),
      ),

    /**
     * Runs `INSERT ... SELECT ... FROM input(structure) ... FORMAT format`. chdb reads no rows for input(), so the
     * body goes through a named pipe that the statement reads as a file. As on a server, the statement starts
     * before its rows arrive: it is analysed, its scalar subqueries are evaluated, and then it waits for its rows.
     */
    async writeFromInput(context, { before, structure, after, format }, feed) {
      const path = join(pipeDirectory, `input-${process.pid}-${++pipes}`);
      await makePipe('mkfifo', [path]);
      const sql = `${before}file(${literal(path)}, ${format}, ${structure})${after}`;
      const fed = feedPipe(path, feed);
      try {
        return await withConnection(context, (connection) =>
          native.InsertRawAsyncConnection(connection, `${sql}\n`, Buffer.from('\n'), false),
        );
      } finally {
        await fed.release();
        await unlink(path);
      }
    },

    close: () => native.CloseConnection(anchor),
  };
}

async function command(connection, sql) {
  await native.QueryAsyncConnection(connection, sql, 'Null');
}

/**
 * Writes the chunks of `feed` into a pipe once a reader has opened it. If the feed throws, writes data that cannot
 * be parsed.
 * @param {() => AsyncIterable<Buffer>} feed
 */
function feedPipe(path, feed) {
  const done = (async () => {
    const pipe = await open(path, 'w');
    try {
      try {
        for await (const chunk of feed()) await pipe.writeFile(chunk);
      } catch (error) {
        if (error.code !== 'EPIPE') await pipe.writeFile(garbage);
      }
    } catch (error) {
      if (error.code !== 'EPIPE') throw error;
    } finally {
      await pipe.close();
    }
  })();
  return {
    /**
     * Stops the writer after the statement has finished. If the writer still waits for a reader, opens one briefly.
     */
    async release() {
      const reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      await reader.close();
      await done;
    },
  };
}

export function literal(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function identifier(name) {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
