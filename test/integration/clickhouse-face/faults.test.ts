import { afterEach, expect, it, vi } from 'vitest';
import { useFace } from './face-client.ts';

const used = useFace();
const insert = (b: string, options = {}) =>
  used.connect(options).insert({ table: 'w.t', values: [{ a: 1, b }], format: 'JSONEachRow' });
const stored = (b: string) => used.value(`SELECT count() FROM w.t WHERE b = '${b}'`);

afterEach(() => used.face.clearFaults());

it('refuses the next inserts with an error, before it does anything', async () => {
  const message = 'Too many parts.';
  await used.face.orderFault({ kind: 'refuse', code: 252, name: 'TOO_MANY_PARTS', message, times: 2 });
  for (let n = 0; n < 2; n++) await expect(insert('refused')).rejects.toMatchObject({ code: '252' });
  await insert('refused');
  expect(await stored('refused')).toBe('1');
});

it('carries an insert out and does not answer', async () => {
  await used.face.orderFault({ kind: 'no-answer' });
  await expect(insert('unanswered', { request_timeout: 500 })).rejects.toThrow(/timeout/i);
  expect(await stored('unanswered')).toBe('1');
});

it('cuts the connection before or after an insert', async () => {
  await used.face.orderFault({ kind: 'cut-before' });
  await expect(insert('before')).rejects.toThrow();
  await used.face.orderFault({ kind: 'cut-after' });
  await expect(insert('after')).rejects.toThrow();
  expect([await stored('before'), await stored('after')]).toEqual(['0', '1']);
});

it('delays an insert, which goes on when its client has gone', async () => {
  await used.face.orderFault({ kind: 'delay', delayMs: 800 });
  await expect(insert('delayed', { request_timeout: 200 })).rejects.toThrow(/timeout/i);
  expect(await stored('delayed')).toBe('0');
  await vi.waitFor(async () => expect(await stored('delayed')).toBe('1'), { timeout: 5000 });
});

it('keeps what it answered through SIGKILL, on the same address', async () => {
  await insert('kept');
  await used.face.kill();
  await expect(insert('down')).rejects.toThrow(/ECONNREFUSED/);
  await used.face.start();
  expect([await stored('kept'), await stored('down')]).toEqual(['1', '0']);
});
