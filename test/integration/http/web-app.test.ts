import { describe, expect, it } from 'vitest';
import { useInstance } from './support/instance.ts';

const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the dashboard for page loads', () => {
  const instance = useInstance();
  const load = (path: string, headers: Record<string, string> = page, method = 'GET') =>
    fetch(`${instance().url}${path}`, { headers, method, redirect: 'manual' });

  it.each(['/', '/sessions', '/configurations/0123', '/unknown/page?range=today'])(
    'is the answer at %s',
    async (path) => {
      const answer = await load(path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await answer.text()).toContain('<div id="app">');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('allows scripts and styles of its own origin only', async () => {
    const policy = (await load('/sessions')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    const html = await (await load('/')).text();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/i);
  });

  it.each([
    '/api/unknown',
    '/api',
    '/health/unknown',
    '/metrics/unknown',
    '/.well-known/unknown',
    '/assets/unknown.js',
    '/%61pi/unknown',
  ])('is not the answer at %s', async (path) => {
    const answer = await load(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('is not the answer for other methods and for scripts', async () => {
    expect((await load('/sessions', page, 'POST')).status).toBe(404);
    expect((await load('/sessions', { accept: 'application/json' })).status).toBe(404);
    expect((await load('/sessions', page, 'HEAD')).status).toBe(200);
  });
});
