import { afterEach, expect, it, vi } from 'vitest';
import { useChdbServer } from './chdb-client.ts';

const server = useChdbServer();
const insert = (b: string, options = {}) =>
  server.connect(options).insert({ table: 'w.t', values: [{ a: 1, b }], format: 'JSONEachRow' });
const countStored = (b: string) => server.value(`SELECT count() FROM w.t WHERE b = '${b}'`);

afterEach(() => server.clickHouse.clearFaults());

it('a `refuse` fault rejects the next inserts and stores none of their rows', async () => {
  const message = 'Too many parts.';
  await server.clickHouse.orderFault({
    kind: 'refuse',
    code: 252,
    name: 'TOO_MANY_PARTS',
    message,
    times: 2,
  });
  for (let n = 0; n < 2; n++) await expect(insert('refused')).rejects.toMatchObject({ code: '252' });
  await insert('refused');
  expect(await countStored('refused')).toBe('1');
});

it('a `no-answer` fault stores the rows of an insert and never sends a response', async () => {
  await server.clickHouse.orderFault({ kind: 'no-answer' });
  await expect(insert('unanswered', { request_timeout: 500 })).rejects.toThrow(/timeout/i);
  expect(await countStored('unanswered')).toBe('1');
});

it('a `cut` fault closes the connection before or after the rows are stored', async () => {
  await server.clickHouse.orderFault({ kind: 'cut-before' });
  await expect(insert('before')).rejects.toThrow();
  await server.clickHouse.orderFault({ kind: 'cut-after' });
  await expect(insert('after')).rejects.toThrow();
  expect([await countStored('before'), await countStored('after')]).toEqual(['0', '1']);
});

it('a delayed insert completes although its client has disconnected', async () => {
  await server.clickHouse.orderFault({ kind: 'delay', delayMs: 800 });
  await expect(insert('delayed', { request_timeout: 200 })).rejects.toThrow(/timeout/i);
  expect(await countStored('delayed')).toBe('0');
  await vi.waitFor(async () => expect(await countStored('delayed')).toBe('1'), { timeout: 5000 });
});

it('a restarted chdb server keeps its address and every acknowledged row after SIGKILL', async () => {
  await insert('kept');
  await server.clickHouse.kill();
  await expect(insert('down')).rejects.toThrow(/ECONNREFUSED/);
  await server.clickHouse.start();
  expect([await countStored('kept'), await countStored('down')]).toEqual(['1', '0']);
});
