import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditEntry, AuditLog } from '../../../../src/access/audit/audit.ts';
import { registerAuditHook } from '../../../../src/access/audit/audit-hook.ts';
import { AppError } from '../../../../src/platform/errors/errors.ts';
import { platformErrors } from '../../../../src/platform/errors/platform-errors.ts';
import { createHttpServer } from '../../../../src/platform/http/server.ts';
import { createLogger } from '../../../../src/platform/logger.ts';

const logger = createLogger({ logLevel: 'silent' });
const principal = {
  ...{ tokenId: 'abc', tokenName: 'A', organisationId: 'one', expiresAtMs: undefined },
  configurationIds: undefined,
  scopes: ['admin'] as const,
};

/**
 * Creates a server with one route that changes data. Its audit log calls `record` for each entry. If `isKnown` is
 * false, requests have no principal.
 */
async function setUp(record: AuditLog['record'], isKnown = true) {
  const server = await createHttpServer({ trustProxy: false }, logger);
  onTestFinished(() => server.close());
  server.decorateRequest('principal', undefined);
  const audit = { record } as AuditLog;
  registerAuditHook(server, {
    ...{
      audit,
      auditBuffer: { note: () => {} },
      logger,
      actionOf: () => 'thing.change',
      organisationOf: async () => undefined,
    },
  });
  const config = { access: { scope: 'admin' } } as const;
  const onRequest = async (request: { principal: unknown }) => {
    if (isKnown) request.principal = principal;
  };
  server.post<{ Params: { id: string } }>(
    '/api/things/:id',
    { config, onRequest },
    async (request, reply) => {
      if (request.params.id === 'refused') throw new AppError(platformErrors.name_taken);
      reply.code(200);
      return { done: true };
    },
  );
  return (id: string) => server.inject({ method: 'POST', url: `/api/things/${id}`, payload: {} });
}

describe('registerAuditHook', () => {
  it('records a change once, before the response', async () => {
    const entries: AuditEntry[] = [];
    const send = await setUp(async (entry) => void entries.push(entry));
    expect((await send('x1')).json()).toEqual({ done: true });
    expect((await send('refused')).statusCode).toBe(409);
    expect(entries.map(({ target, result }) => [target, result])).toEqual([
      ['x1', 'OK'],
      ['refused', 'FAIL'],
    ]);
  });

  it('returns 503 instead of a success if the audit log cannot record the change', async () => {
    let records = 0;
    const send = await setUp(() => {
      records += 1;
      return Promise.reject(new AppError(platformErrors.control_store_unavailable, { retryAfterSeconds: 2 }));
    });
    const answer = await send('x1');
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'control_store_unavailable']);
    expect(answer.headers['content-type']).toMatch(/problem\+json/);
    expect(answer.headers['retry-after']).toBe('2');
    // A rejected change keeps its own error.
    expect((await send('refused')).json().code).toBe('name_taken');
    expect(records).toBe(2);
  });

  it('records an empty target instead of an id that may be a secret', async () => {
    const targets: string[] = [];
    const send = await setUp(async ({ target }) => void targets.push(target));
    await send(`wmt_abc_${'S'.repeat(43)}`);
    await send('a'.repeat(41));
    expect(targets).toEqual(['', '']);
  });

  it('does not record a request that is not authenticated', async () => {
    const entries: AuditEntry[] = [];
    const send = await setUp(async (entry) => void entries.push(entry), false);
    await send('x1');
    expect(entries).toEqual([]);
  });
});
