import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../../../src/platform/errors/errors.ts';
import { translatePostgresError } from '../../../../src/platform/sql/engines/postgres-errors.ts';

/** As the server's errors come out of `pg`: with a severity, a state, and rows in `detail`. */
function serverError(state: string): Error {
  const members = {
    severity: 'ERROR',
    code: state,
    detail: 'Failing row contains (secret)',
    where: 'secret',
  };
  return Object.assign(new Error('something about it'), members);
}

describe('an error of PostgreSQL', () => {
  it.each([
    ...['08006', '25006', '28P01', '3D000', '40001', '40P01', '53300', '55P03'],
    ...['57014', '57P01', '57P03', '58030', 'XX001'],
  ])('%s is the control store that does not answer', (state) => {
    const translated = translatePostgresError(serverError(state));
    expect(translated).toMatchObject({ code: 'control_store_unavailable', retryAfterSeconds: 2 });
    expect(translated.message).not.toContain('something');
    expect(reasonOf(translated)).toBe(
      `The control store does not answer: PostgreSQL ${state}: something about it`,
    );
  });

  it.each(['ECONNREFUSED', 'EPIPE'])('that a socket ended with (%s) is, too', (code) => {
    const translated = translatePostgresError(Object.assign(new Error(''), { code }));
    expect(translated).toMatchObject({ code: 'control_store_unavailable' });
    expect(reasonOf(translated)).toContain(code);
  });

  it.each(['22021', '22P05'])('%s is the fault of the request', (state) => {
    expect(translatePostgresError(serverError(state))).toMatchObject({ code: 'bad_request' });
  });

  it.each(['23505', '23502', '42P01', '42501'])('%s is a fault of ours, told without the row', (state) => {
    const translated = translatePostgresError(serverError(state));
    expect(translated).not.toHaveProperty('code');
    expect(translated.message).toBe(`PostgreSQL ${state}: something about it`);
    expect(JSON.stringify(Object.values(translated)) + translated.stack).not.toContain('secret');
  });

  it('whose message may repeat a value is told by its state alone', () => {
    expect(translatePostgresError(serverError('22P02')).message).toBe('PostgreSQL 22P02');
  });

  it('that our own code threw stays as it is', () => {
    const own = new RangeError('no safe integer');
    expect(translatePostgresError(own)).toBe(own);
  });
});
