import { describe, expect, it } from 'vitest';
import { createDeadLetter } from '../../../consumers/dead-letter/dead-letter.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { randomName } from '../../support/arbitrary-events.ts';
import { engines, nowMs, useEventTable } from './event-table.ts';

describe.each(engines)('ClickHouse %s', (engine) => {
  const table = useEventTable(engine);

  function letterOf(given: { producer?: string; sequence?: number; body?: string; position?: number } = {}) {
    const { producer, sequence = 1, body = '{"half":', position = 7 } = given;
    const identity = producer === undefined ? undefined : { producer, partition: 2, sequence };
    const headers = JSON.stringify({ 'wm-producer': producer });
    return createDeadLetter({ position, identity, body, headers }, 'watmeter.sessions', 'not a JSON object');
  }

  const kept = (id: string) =>
    table.rows<Record<string, unknown>>('SELECT * FROM dead_letters FINAL WHERE id = {id: String}', {
      id,
    });

  it('stores everything that a replay needs, to the last character', async () => {
    const body = `it's \\ "half" \n\t\r\u0000 \u2028 \u{1f600} {"tags":["\\ud800"]}`;
    const letter = letterOf({ producer: randomName('producer'), body });
    await table.store.insertDeadLetters([letter]);
    const [row] = await kept(letter.id);
    expect(row).toEqual({ ...letter, position: 7, sequence: 1, first_seen: '2026-11-21 08:43:52.178' });
  });

  it('collapses repeated letters, and keeps the time of the first', async () => {
    const letters = [
      letterOf({ producer: randomName('producer') }),
      letterOf({ body: randomName('nameless') }),
    ];
    for (const laterMs of [0, 1000, 60_000]) {
      const store = createClickHouseEventStore(table.client, { nowMs: () => nowMs + laterMs });
      await store.insertDeadLetters([...letters, ...letters]);
    }
    await table.client.command({ query: 'OPTIMIZE TABLE dead_letters FINAL' });
    for (const { id } of letters)
      expect(await kept(id)).toMatchObject([{ id, first_seen: '2026-11-21 08:43:52.178' }]);
    const ids = letters.map(({ id }) => id);
    const counted = 'SELECT count() FROM dead_letters WHERE has({ids: Array(String)}, id)';
    expect(await table.text(counted, { ids })).toBe('2\n');
  });

  it('finds a letter by its id, whatever characters the id has', async () => {
    const letter = letterOf({ producer: `it's-\\-${randomName('producer')}` });
    expect(await table.store.hasDeadLetter(letter.id)).toBe(false);
    await table.store.insertDeadLetters([letter]);
    expect(await table.store.hasDeadLetter(letter.id)).toBe(true);
    expect(await table.store.hasDeadLetter(`${letter.id}0`)).toBe(false);
  });

  it('keeps different letters', async () => {
    const producer = randomName('producer');
    await table.store.insertDeadLetters([
      letterOf({ producer }),
      letterOf({ producer, sequence: 2 }),
      letterOf({ body: producer }),
      letterOf({ body: producer, position: 8 }),
    ]);
    await table.client.command({ query: 'OPTIMIZE TABLE dead_letters FINAL' });
    const counted =
      'SELECT count() FROM dead_letters WHERE producer = {producer: String} OR body = {producer: String}';
    expect(await table.text(counted, { producer })).toBe('4\n');
  });

  it('counts a letter as present, so that its place is no hole', async () => {
    const producer = randomName('producer');
    await table.store.insertDeadLetters([
      letterOf({ producer, sequence: 1 }),
      letterOf({ producer, sequence: 3 }),
    ]);
    await table.store.insertDeadLetters([letterOf({ producer, sequence: 1 })]);
    const state = await table.store.readState();
    expect(state.get(`2/${producer}`)).toEqual({
      marks: new Map(),
      highest: 3,
      holes: [{ first: 2, last: 2 }],
    });
    expect([...state.keys()].filter((key) => key.endsWith('/'))).toEqual([]);
  });
});
