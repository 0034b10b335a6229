import { describe, expect, it } from 'vitest';
import { useInstance } from '../../integration/http/support/instance.ts';
import { describeOnControlStore } from '../../support/services/control-store-matrix.ts';

describeOnControlStore((stores) => {
  const instance = useInstance({}, stores);
  const lists = [
    '/api/v1/web-access-tokens/configurations',
    '/api/v1/usage/configurations',
    '/api/v1/usage/tags',
    '/api/v1/usage/dormant',
  ];
  const encode = (text: string) => Buffer.from(text).toString('base64url');

  describe.each(lists)('the parameters of %s', (list) => {
    it.each(['0', '-1', '501', '1.5', 'ten', '', ' ', '1e400', 'NaN', '5&limit=6', '%00'])(
      'reject limit=%s',
      async (limit) => {
        const { status, body } = await instance().get(`${list}?limit=${limit}`);
        expect([status, body['code']]).toEqual([400, 'invalid_request']);
        expect(body['errors']).toEqual([{ path: '/limit', message: expect.any(String) }]);
      },
    );

    it.each(['1', '500'])('accept limit=%s', async (limit) => {
      expect((await instance().get(`${list}?limit=${limit}`)).status).toBe(200);
    });

    it.each([
      ...[
        '',
        'x',
        '%25',
        encode('[]'),
        encode('[1]'),
        encode('[1,"a",2]'),
        encode('{}'),
        encode('null'),
        encode('"ab"'),
      ],
      ...[encode('["x","y"]'), encode('[{},null]'), encode('[null,"a"]'), encode('[1,5]'), encode('[[],[]]')],
      ...[
        encode('["1","a"]'),
        encode('[true,"a"]'),
        encode('[-1,"a"]'),
        encode('[1.5,"a"]'),
        encode('[1e400,"a"]'),
      ],
      ...[
        `${encode('[1,"ab"]')}%3D`,
        ` ${encode('[1,"a"]')}`,
        encode('[1, "a"]'),
        encode('[1,"a\\u0000"]'),
        encode('[1,"a\\ud800"]'),
        'a'.repeat(3000),
      ],
    ])('reject cursor=%s, which the list did not issue', async (cursor) => {
      const { status, body } = await instance().get(`${list}?cursor=${cursor}`);
      expect(status).toBe(400);
      expect(['invalid_cursor', 'invalid_request']).toContain(body['code']);
      expect(body['errors']).toEqual([{ path: '/cursor', message: expect.any(String) }]);
    });

    it('reject unknown names with one error for each name', async () => {
      const { status, body } = await instance().get(`${list}?limit=0&Limit=5&offset=3&timezone=UTC`);
      expect(status).toBe(400);
      const paths = (body['errors'] as { path: string }[]).map(({ path }) => path);
      expect(paths.sort()).toEqual(['/Limit', '/limit', '/offset', '/timezone']);
    });

    it('do not repeat a long unknown name in the error, because it may be a secret', async () => {
      const secret = `eyJhbGciOiJSU0EtT0FFUC0yNTYi${'a'.repeat(100)}`;
      const { status, text } = await instance().get(`${list}?${secret}=1`);
      expect(status).toBe(400);
      expect(text).not.toContain(secret.slice(0, 40));
    });
  });

  describe('a route without parameters', () => {
    it.each([
      ['GET', '/api/v1/ui/session'],
      ['DELETE', '/api/v1/ui/session'],
      ['GET', '/api/v1/web-access-tokens/configurations/abc'],
      ['DELETE', '/api/v1/web-access-tokens/configurations/abc'],
      ['GET', '/api/v1/usage/summary'],
      ['GET', '/api/v1/usage/tags/abc'],
    ])('rejects unknown parameters: %s %s', async (method, path) => {
      const { status, body } = await instance().call(method, `${path}?unknown=1`);
      expect([status, body['code']]).toEqual([400, 'invalid_request']);
      expect(body['errors']).toEqual([{ path: '/unknown', message: expect.any(String) }]);
    });

    it.each([
      ['POST', '/api/v1/ui/session', { token: 'x' }],
      ['POST', '/api/v1/web-access-tokens/configurations', { name: 'x' }],
      ['PATCH', '/api/v1/web-access-tokens/configurations/abc', { name: 'x' }],
    ])('rejects unknown parameters and unknown members: %s %s', async (method, path, body) => {
      expect((await instance().call(method, `${path}?unknown=1`, { body })).status).toBe(400);
      const answer = await instance().call(method, path, { body: { ...body, unknown: 1 } });
      expect(answer.body['errors']).toEqual([{ path: '/unknown', message: expect.any(String) }]);
    });
  });
});
