import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../../src/platform/errors/errors.ts';
import { platformErrors } from '../../../../../src/platform/errors/platform-errors.ts';
import { sendTable } from '../../../../../src/platform/http/formats/send-table.ts';
import type { Row } from '../../../../../src/platform/http/formats/table.ts';
import { createHttpServer, type HttpServer } from '../../../../../src/platform/http/server.ts';

const logged: { msg: string; err: { message: string } }[] = [];
const logger = pino({ level: 'error' }, { write: (line: string) => logged.push(JSON.parse(line)) });

let server: HttpServer | undefined;
afterEach(async () => {
  await server?.close();
  logged.length = 0;
});

/** Creates a source of row batches. `state` counts the reads and shows whether the reader has stopped. */
function createSource(options: { batches: number; failsAt?: number }) {
  const state = { read: 0, isClosed: false };
  async function* rows(): AsyncGenerator<Row[]> {
    try {
      for (; state.read < options.batches; state.read += 1) {
        if (state.read === options.failsAt) throw new AppError(platformErrors.control_store_unavailable);
        yield Array.from({ length: 1000 }, (_, index) => [index, 'x'.repeat(50)]);
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { state, rows };
}

async function get(
  { rows }: ReturnType<typeof createSource>,
  format: 'csv' | 'jsonl' | 'xlsx' = 'csv',
  method = 'GET',
): Promise<IncomingMessage> {
  server = await createHttpServer({ trustProxy: false }, logger);
  server.get('/table', (asked, reply) => {
    const table = { name: 'table', columns: [{ name: 'n' }, { name: 'text' }], rows: rows() };
    const wanted = { format, withByteOrderMark: false, isRaw: false };
    return sendTable({ logger }, { request: asked, reply }, wanted, table);
  });
  const sent = request(`${await server.listen({ port: 0, host: '127.0.0.1' })}/table`, { method });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

describe('a table that is sent', () => {
  it('is read only as fast as its client receives it, and the read ends when the client disconnects', async () => {
    const source = createSource({ batches: 100_000 });
    const response = await get(source);
    await once(response, 'readable');
    let before = -1;
    await vi.waitFor(
      () => {
        const isStill = source.state.read === before;
        before = source.state.read;
        expect(isStill).toBe(true);
      },
      { timeout: 10_000, interval: 200 },
    );
    expect(source.state.read).toBeLessThan(1000);
    response.on('error', () => {});
    response.destroy();
    await vi.waitFor(() => expect(source.state.isClosed).toBe(true), { timeout: 5000 });
    expect(logged).toEqual([]);
  });

  it.each(['csv', 'jsonl'] as const)(
    'is truncated if a read after the first one fails, and the failure is logged (%s)',
    async (format) => {
      const source = createSource({ batches: 10, failsAt: 5 });
      const response = await get(source, format);
      expect(response.statusCode).toBe(200);
      await expect(text(response)).rejects.toThrow('aborted');
      expect(response.complete).toBe(false);
      expect(logged.map(({ msg }) => msg)).toEqual(['a file was not sent completely']);
      expect(source.state.isClosed).toBe(true);
    },
  );

  it.each(['csv', 'jsonl', 'xlsx'] as const)(
    'is replaced by a problem response if its first read fails (%s)',
    async (format) => {
      const source = createSource({ batches: 10, failsAt: 0 });
      const response = await get(source, format);
      expect([response.statusCode, response.headers['content-type']]).toEqual([
        ...[503, 'application/problem+json; charset=utf-8'],
      ]);
      expect(JSON.parse(await text(response))).toMatchObject({ code: 'control_store_unavailable' });
      expect([source.state.isClosed, logged]).toEqual([true, []]);
    },
  );

  it('has no body for HEAD, and watmeter stops reading its rows early', async () => {
    const source = createSource({ batches: 100_000 });
    const response = await get(source, 'csv', 'HEAD');
    expect([response.statusCode, await text(response)]).toEqual([200, '']);
    expect([source.state.isClosed, source.state.read < 10]).toEqual([true, true]);
  });

  it('reaches its client completely', async () => {
    const response = await get(createSource({ batches: 20 }));
    expect((await text(response)).split('\r\n')).toHaveLength(20_002);
    expect(response.complete).toBe(true);
  });
});
