import { describe, expect, it } from 'vitest';
import { databaseUrl } from '../../../../src/platform/sql/engines/database-url.ts';

const { parse } = databaseUrl();

describe('databaseUrl().parse', () => {
  it.each(['postgres', 'postgresql'])('returns all parts of a %s URL, percent-decoded', (scheme) => {
    expect(parse(`${scheme}://m%40e:p%3A%2F%25@db.example:6543/wat%20meter`)).toEqual({
      host: 'db.example',
      port: 6543,
      user: 'm@e',
      password: 'p:/%',
      database: 'wat meter',
      tls: true,
    });
  });

  it.each([
    ['postgres://u@[::1]/db', '::1', false],
    ['postgres://u@[2001:db8::1]/db', '2001:db8::1', true],
    ['postgres://u@127.0.0.1/db', '127.0.0.1', false],
    ['postgres://u@localhost/db', 'localhost', false],
    ['postgres://u@localhost.example/db', 'localhost.example', true],
    ['postgres://u@127.example/db', '127.example', true],
    ['postgres://u@10.0.0.1/db', '10.0.0.1', true],
    ['postgres://u@x/db?host=/var/run/postgresql', '/var/run/postgresql', false],
    ['postgres://u@db/db?sslmode=disable', 'db', false],
    ['postgres://u@db/db?sslmode=require', 'db', true],
    ['postgres://u@localhost/db?sslmode=verify-ca', 'localhost', true],
    ['postgres://u@localhost/db?sslmode=verify-full', 'localhost', true],
  ])('uses TLS as sslmode requires, and otherwise only for remote hosts: %s', (url, host, tls) => {
    expect(parse(url)).toMatchObject({ host, tls, password: undefined, port: 5432 });
  });

  it.each([
    'hunter2',
    'mysql://u:hunter2@h/db',
    'postgres://hunter2@/db',
    'postgres://:hunter2@h/db',
    'postgres://u:hunter2@h',
    'postgres://u:hunter2@h/',
    'postgres://u:hunter2%zz@h/db',
    'postgres://u:hunter2@h:99999/db',
    'postgres://u:hunter2@h/db?sslmode=prefer',
    'postgres://u:hunter2@h/db?sslmode=allow',
    'postgres://u:hunter2@h/db?sslmode=no-verify',
    'postgres://u:hunter2@h/db?sslrootcert=hunter2',
    'postgres://u:hunter2@h/db?hunter2=1',
    'postgres://u:hunter2@h/db#hunter2',
    ' postgres://u:hunter2@h/db',
    'postgres://u:hunter 2@h/db',
  ])('rejects %s without repeating it', (url) => {
    expect(() => parse(url)).toThrow(/^(must|may|has) /);
    expect(() => parse(url)).not.toThrow(/hunter2/);
  });
});
