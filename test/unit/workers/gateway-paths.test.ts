import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { isWorkerTarget } from '../../../src/app/workers/gateway-paths.ts';

it.each([
  ['/api/v1/wat/sessionToken', true],
  ['/api/v1/wat/session?count=navigations', true],
  ['/wat/a.b.c.d.e/dashboards/1', true],
  ['/.well-known/jwks.json', true],
  ['http://app.example/api/v1/wat/sessionToken', true],
  ['HTTPS://app.example:8443/wat/x', true],
  ['/api/v1/%77at/sessionToken', true],
  ['/%77at/token/a%2Fb', true],
  ['/', false],
  ['/?next=/wat/', false],
  ['/api/v1/usage/summary', false],
  ['/api/v1/watches', false],
  ['/api/v1/usage/tags/%2Fwat%2F', false],
  ['/health/ready', false],
  ['http://app.example/', false],
  ['http://app.example?/wat/', false],
  ['*', false],
  ['/api/v1/%zz/wat/', false],
  ['', false],
])('isWorkerTarget(%s) returns %s', (target, expected) => {
  expect(isWorkerTarget(target)).toBe(expected);
});

/**
 * If both decoded a path differently, a request with a token could bypass the workers.
 */
it('isWorkerTarget decodes a path like the router', async () => {
  const server = fastify();
  server.post('/api/v1/wat/sessionToken', async () => 'ours');
  const path = '/api/v1/wat/sessionToken';
  const spellings = Array.from(path, (character, index) => {
    const encoded = `%${character.charCodeAt(0).toString(16)}`;
    return [encoded, encoded.toUpperCase()].map(
      (encoding) => path.slice(0, index) + encoding + path.slice(index + 1),
    );
  }).flat();
  let routed = 0;
  for (const url of spellings) {
    const isRouted = (await server.inject({ method: 'POST', url })).body === 'ours';
    if (isRouted) routed += 1;
    if (isRouted) expect([url, isWorkerTarget(url)]).toEqual([url, true]);
  }
  expect(routed).toBeGreaterThan(30);
});
