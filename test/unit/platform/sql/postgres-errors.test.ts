import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../../../src/platform/errors/errors.ts';
import { translatePostgresError } from '../../../../src/platform/sql/engines/postgres-errors.ts';

/** Creates a server error as `pg` throws it: with a severity, a SQLSTATE, and row values in `detail`. */
function serverError(state: string): Error {
  const members = {
    severity: 'ERROR',
    code: state,
    detail: 'Failing row contains (secret)',
    where: 'secret',
  };
  return Object.assign(new Error('something about it'), members);
}

describe('translatePostgresError', () => {
  it.each([
    ...['08006', '25006', '28P01', '3D000', '40001', '40P01', '53300', '55P03'],
    ...['57014', '57P01', '57P03', '58030', 'XX001'],
  ])('reports SQLSTATE %s as an unavailable control store', (state) => {
    const translated = translatePostgresError(serverError(state));
    expect(translated).toMatchObject({ code: 'control_store_unavailable', retryAfterSeconds: 2 });
    expect(translated.message).not.toContain('something');
    expect(reasonOf(translated)).toBe(
      `The control store does not respond: PostgreSQL ${state}: something about it`,
    );
  });

  it.each(['ECONNREFUSED', 'EPIPE'])(
    'reports the socket error %s as an unavailable control store',
    (code) => {
      const translated = translatePostgresError(Object.assign(new Error(''), { code }));
      expect(translated).toMatchObject({ code: 'control_store_unavailable' });
      expect(reasonOf(translated)).toContain(code);
    },
  );

  it.each(['22021', '22P05'])('reports SQLSTATE %s as a request error', (state) => {
    expect(translatePostgresError(serverError(state))).toMatchObject({ code: 'bad_request' });
  });

  it.each(['23505', '23502', '42P01', '42501'])(
    'reports SQLSTATE %s as an internal error without row values',
    (state) => {
      const translated = translatePostgresError(serverError(state));
      expect(translated).not.toHaveProperty('code');
      expect(translated.message).toBe(`PostgreSQL ${state}: something about it`);
      expect(JSON.stringify(Object.values(translated)) + translated.stack).not.toContain('secret');
    },
  );

  it('reports only the SQLSTATE if the message may contain a value', () => {
    expect(translatePostgresError(serverError('22P02')).message).toBe('PostgreSQL 22P02');
  });

  it('returns errors that are not from PostgreSQL unchanged', () => {
    const appError = new RangeError('no safe integer');
    expect(translatePostgresError(appError)).toBe(appError);
  });
});
