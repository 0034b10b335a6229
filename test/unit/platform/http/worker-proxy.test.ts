import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acceptOnlyProxiedRequests } from '../../../../src/platform/http/proxied-requests.ts';
import { createWorkerProxy } from '../../../../src/platform/http/worker-proxy.ts';
import { createDeferred } from '../../../support/deferred.ts';

const secret = 'a-secret-of-the-two-processes-1234567890';

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Starts a worker that accepts only proxied requests, and a proxy in front of it. Returns the port of the proxy. */
async function setUp(listener: RequestListener, knows = secret): Promise<number> {
  const worker = createServer(listener);
  acceptOnlyProxiedRequests(worker, secret);
  const { handle, close } = createWorkerProxy({ port: await listen(worker), secret: knows });
  onTestFinished(close);
  return listen(createServer(handle));
}

/** Sends raw bytes. Returns everything that is received until the connection ends or pauses for 300 ms. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(300, () => socket.end());
  socket.write(bytes);
  return text(socket);
}

function sendRequest(
  port: number,
  options: { method?: string; path?: string; headers?: Record<string, string | string[]> } = {},
) {
  const outgoing = request({ port, host: '127.0.0.1', agent: false, ...options });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject);
  });
  // Prevents an unhandled rejection in tests that do not use the response.
  answer.catch(() => {});
  return { outgoing, answer };
}

describe('a request that is proxied to a worker', () => {
  it('arrives unchanged except for connection headers, and the worker sees the address of the client', async () => {
    const seen: unknown[] = [];
    const port = await setUp((incoming, response) => {
      seen.push(incoming.method, incoming.url, incoming.rawHeaders, incoming.socket.remoteAddress);
      response.end();
    });
    const head =
      'GET /a/../b?x=%2F&y HTTP/1.1\r\nHost: app.example\r\nX-One: 1\r\nx-one: 2\r\nCookie: a=b\r\n';
    await raw(port, `${head}Connection: keep-alive\r\nTE: trailers\r\nX-Watmeter-Peer: x 192.0.2.1\r\n\r\n`);
    expect(seen).toEqual([
      'GET',
      '/a/../b?x=%2F&y',
      expect.arrayContaining(['Host', 'app.example', 'X-One', '1', 'x-one', '2', 'Cookie', 'a=b']),
      '127.0.0.1',
    ]);
    const names = (seen[2] as string[])
      .filter((_, index) => index % 2 === 0)
      .map((name) => name.toLowerCase());
    expect(names.filter((name) => ['te', 'x-watmeter-peer'].includes(name))).toEqual([]);
  });

  it.each([
    ['with a length', ['content-length: 5', '', 'hello'], 'hello', '5'],
    ['in chunks', ['transfer-encoding: chunked', '', '3', 'hel', '2', 'lo', '0', '', ''], 'hello', undefined],
    ['without a body', ['', ''], '', '0'],
  ])('arrives with the same body if it was sent %s', async (_, lines, body, length) => {
    const seen: unknown[] = [];
    const port = await setUp(async (incoming, response) => {
      seen.push(await text(incoming), incoming.headers['content-length']);
      response.end();
    });
    await raw(port, ['POST / HTTP/1.1', 'Host: a', ...lines].join('\r\n'));
    expect(seen).toEqual([body, length]);
  });

  it('gets the status, repeated headers and body of the response unchanged', async () => {
    const port = await setUp((_, response) => {
      response.writeHead(418, 'Short and stout', [
        ...['set-cookie', 'a=1', 'set-cookie', 'b=2'],
        ...['date', 'Sat, 21 Nov 2026 00:00:00 GMT', 'content-length', '3'],
      ]);
      response.end('tea');
    });
    const { outgoing, answer } = sendRequest(port);
    outgoing.end();
    const { statusCode, statusMessage, headers, rawHeaders } = await answer;
    expect([statusCode, statusMessage, headers['set-cookie']]).toEqual([
      418,
      'Short and stout',
      ['a=1', 'b=2'],
    ]);
    expect(rawHeaders.filter((name) => name.toLowerCase() === 'date')).toHaveLength(1);
    expect(headers.date).toBe('Sat, 21 Nov 2026 00:00:00 GMT');
    expect(await text(await answer)).toBe('tea');
  });

  it.each(['HEAD', 'GET'])(
    'gets an empty response to HEAD, and an empty 304 response to GET: %s',
    async (method) => {
      const port = await setUp((_, response) => {
        response.writeHead(method === 'HEAD' ? 200 : 304, { etag: '"x"' });
        response.end();
      });
      const { outgoing, answer } = sendRequest(port, { method });
      outgoing.end();
      expect([(await answer).statusCode, await text(await answer)]).toEqual([
        method === 'HEAD' ? 200 : 304,
        '',
      ]);
    },
  );

  it('gets its response as a stream, before the response is complete', async () => {
    let finish = () => {};
    const port = await setUp((_, response) => {
      response.write('first');
      finish = () => response.end('last');
    });
    const { outgoing, answer } = sendRequest(port);
    outgoing.end();
    const [chunk] = await once(await answer, 'data');
    expect(String(chunk)).toBe('first');
    finish();
    expect(await text(await answer)).toBe('last');
  });

  it('gets a response that is sent before the request body has ended', async () => {
    const port = await setUp((_, response) => {
      response.writeHead(413, { connection: 'close' }).end('too large');
    });
    const { outgoing, answer } = sendRequest(port, {
      method: 'POST',
      headers: { 'content-length': '2000000' },
    });
    outgoing.on('error', () => {});
    outgoing.write(Buffer.alloc(100_000));
    expect([(await answer).statusCode, (await answer).headers.connection]).toEqual([413, 'close']);
    outgoing.destroy();
  });

  it('is aborted when its client disconnects', async () => {
    const arrived = createDeferred();
    const aborted = createDeferred();
    const port = await setUp((incoming) => {
      incoming.on('close', () => aborted.resolve());
      arrived.resolve();
    });
    const { outgoing } = sendRequest(port);
    outgoing.on('error', () => {}).end();
    await arrived.promise;
    outgoing.destroy();
    await aborted.promise;
  });

  it.each(['before it answers', 'in the middle of the answer'])(
    'fails if the worker closes the connection %s',
    async (when) => {
      const port = await setUp((incoming, response) => {
        if (when === 'in the middle of the answer') {
          response.writeHead(200, { 'content-length': '100' });
          response.write('half');
          setTimeout(() => incoming.socket.destroy(), 20);
        } else incoming.socket.destroy();
      });
      const { outgoing, answer } = sendRequest(port);
      outgoing.end();
      await expect(answer.then(text)).rejects.toThrow();
    },
  );

  it('is rejected if the proxy has another secret', async () => {
    const port = await setUp((_, response) => response.end(), 'another-secret');
    const { outgoing, answer } = sendRequest(port);
    outgoing.end();
    await expect(answer).rejects.toThrow();
  });

  it('reuses connections of earlier requests', async () => {
    const sockets = new Set<unknown>();
    const port = await setUp((incoming, response) => {
      sockets.add(incoming.socket);
      response.end('x');
    });
    for (let turn = 0; turn < 5; turn += 1) {
      const { outgoing, answer } = sendRequest(port);
      outgoing.end();
      await text(await answer);
      await sleep(10);
    }
    expect(sockets.size).toBe(1);
  });
});
