import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createHttpServer } from '../../../../src/platform/http/server.ts';
import { createLogger } from '../../../../src/platform/logger.ts';

describe('a stopping HTTP server', () => {
  async function start() {
    const server = await createHttpServer(
      { trustProxy: false, drainMs: 1500 },
      createLogger({ logLevel: 'silent' }),
    );
    server.get('/slow', async () => {
      await sleep(800);
      return { done: true };
    });
    server.get('/endless', (_request, reply) => reply.send(new Readable({ read() {} })));
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    return { server, port, url: `http://127.0.0.1:${port}` };
  }

  const closeMs = async (server: Awaited<ReturnType<typeof start>>['server']) => {
    const startedMs = performance.now();
    await server.close();
    return performance.now() - startedMs;
  };

  async function connectTo(port: number, text = '') {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
    // The server has accepted the connection and read the text.
    await sleep(100);
    return socket;
  }

  it('destroys connections on which nothing was sent', async () => {
    const { server, port } = await start();
    const socket = await connectTo(port);
    expect(await closeMs(server)).toBeLessThan(1200);
    expect(socket.closed || socket.readableEnded || (await once(socket, 'close'))).toBeTruthy();
  });

  it('finishes running requests', async () => {
    const { server, url } = await start();
    const response = fetch(`${url}/slow`);
    await sleep(200);
    expect(await closeMs(server)).toBeLessThan(1400);
    expect(await (await response).json()).toEqual({ done: true });
  });

  it.each([
    ['a request whose headers are not complete', 'GET /slow HTTP/1.1\r\nHost: a\r\n'],
    ['a response that does not end', 'GET /endless HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('waits for the drain time and then destroys the connection of %s', async (_case, text) => {
    const { server, port } = await start();
    const socket = await connectTo(port, text);
    const elapsedMs = await closeMs(server);
    expect(elapsedMs).toBeGreaterThan(1300);
    expect(elapsedMs).toBeLessThan(3000);
    socket.destroy();
  });
});
