import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createDirectoryCallout,
  maxAnswerBytes,
} from '../../../../src/tokens/directory/directory-callout.ts';

const question = { organisationId: 'default', subject: 'alice', resources: ['dashboards/1'] };

/** Starts an application that returns this response, and creates a directory that calls it. */
async function setUp(
  answer: (response: ServerResponse, request: IncomingMessage) => unknown,
  { timeoutMs = 2000 } = {},
) {
  const server = createServer((request, response) => void answer(response, request));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/directory`;
  return { url, directory: createDirectoryCallout({ url, token: 'callout-secret', timeoutMs }) };
}

const json = (response: ServerResponse, body: unknown) =>
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

describe('createDirectoryCallout', () => {
  it('sends one POST request with its bearer token, and returns the content of the response', async () => {
    const seen: unknown[] = [];
    const { directory } = await setUp(async (response, request) => {
      const { method, url, headers } = request;
      seen.push({ method, url, authorization: headers.authorization, body: JSON.parse(await text(request)) });
      json(response, {
        subject: true,
        resources: [{ id: 'dashboards/1', dataSources: ['Sales'] }, { id: 'x' }],
      });
    });
    expect(await directory.ask(question)).toEqual({
      subject: 'known',
      resources: new Map([
        ['dashboards/1', ['Sales']],
        ['x', []],
      ]),
    });
    expect(seen).toEqual([
      { method: 'POST', url: '/directory', authorization: 'Bearer callout-secret', body: question },
    ]);
  });

  it.each<[string, (response: ServerResponse) => unknown, RegExp]>([
    ['another status', (response) => response.writeHead(500).end('secret-of-the-other-side'), /status 500/],
    [
      'a redirect',
      (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      /reached/,
    ],
    ['a body that is not JSON', (response) => response.end('<html>'), /not JSON/],
    [
      'a body of another form',
      (response) => json(response, { subject: 'yes', resources: [] }),
      /does not have the form/,
    ],
    ['an incomplete body', (response) => json(response, { subject: true }), /does not have the form/],
    ['a null body', (response) => json(response, null), /does not have the form/],
    ['a body that is too long', (response) => response.end('x'.repeat(maxAnswerBytes + 1)), /longer than/],
    ['a broken connection', (response) => response.socket?.destroy(), /reached/],
  ])('returns "not checked" after %s', async (_, answer, reason) => {
    const { directory } = await setUp(answer);
    const { subject, resources } = await directory.ask(question);
    expect(subject).toMatchObject({ unchecked: expect.stringMatching(reason) });
    expect(resources).toEqual(subject);
    expect(JSON.stringify(subject)).not.toMatch(/secret|127\.0\.0\.1/);
  });

  it.each<[string, (response: ServerResponse) => unknown]>([
    ['never begins', () => {}],
    ['begins and never ends', (response) => response.write('{')],
  ])('gives up after its timeout if the response %s', async (_, answer) => {
    const { directory } = await setUp(answer, { timeoutMs: 150 });
    const startMs = performance.now();
    expect((await directory.ask(question)).subject).toMatchObject({
      unchecked: expect.stringMatching(/in time/),
    });
    expect(performance.now() - startMs).toBeLessThan(1500);
  });

  it('treats names of Object.prototype members as ordinary ids', async () => {
    const { directory } = await setUp((response) =>
      response.end('{"subject":false,"resources":[{"id":"__proto__"}],"__proto__":{"subject":true}}'),
    );
    expect(await directory.ask(question)).toEqual({
      subject: 'unknown',
      resources: new Map([['__proto__', []]]),
    });
  });
});
