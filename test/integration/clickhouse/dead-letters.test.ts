import { describe, expect, it } from 'vitest';
import { createDeadLetter } from '../../../consumers/dead-letter/dead-letter.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { randomName } from '../../support/arbitrary-events.ts';
import { engines, nowMs, useEventTable } from './event-table.ts';

describe.each(engines)('dead letters in a ClickHouse %s', (engine) => {
  const table = useEventTable(engine);

  function createLetter(
    values: { producer?: string; sequence?: number; body?: string; position?: number } = {},
  ) {
    const { producer, sequence = 1, body = '{"half":', position = 7 } = values;
    const identity = producer === undefined ? undefined : { producer, partition: 2, sequence };
    const headers = JSON.stringify({ 'wm-producer': producer });
    return createDeadLetter({ position, identity, body, headers }, 'watmeter.sessions', 'not a JSON object');
  }

  const readLetters = (id: string) =>
    table.rows<Record<string, unknown>>('SELECT * FROM dead_letters FINAL WHERE id = {id: String}', {
      id,
    });

  it('are stored completely, with everything that a replay needs', async () => {
    const body = `it's \\ "half" \n\t\r\u0000 \u2028 \u{1f600} {"tags":["\\ud800"]}`;
    const letter = createLetter({ producer: randomName('producer'), body });
    await table.store.insertDeadLetters([letter]);
    const [row] = await readLetters(letter.id);
    expect(row).toEqual({ ...letter, position: 7, sequence: 1, first_seen: '2026-11-21 08:43:52.178' });
  });

  it('are stored once if they are inserted repeatedly, with the time of the first insert', async () => {
    const letters = [
      createLetter({ producer: randomName('producer') }),
      createLetter({ body: randomName('nameless') }),
    ];
    for (const laterMs of [0, 1000, 60_000]) {
      const store = createClickHouseEventStore(table.client, { nowMs: () => nowMs + laterMs });
      await store.insertDeadLetters([...letters, ...letters]);
    }
    await table.client.command({ query: 'OPTIMIZE TABLE dead_letters FINAL' });
    for (const { id } of letters)
      expect(await readLetters(id)).toMatchObject([{ id, first_seen: '2026-11-21 08:43:52.178' }]);
    const ids = letters.map(({ id }) => id);
    const counted = 'SELECT count() FROM dead_letters WHERE has({ids: Array(String)}, id)';
    expect(await table.text(counted, { ids })).toBe('2\n');
  });

  it('are found by their id, whatever characters it contains', async () => {
    const letter = createLetter({ producer: `it's-\\-${randomName('producer')}` });
    expect(await table.store.hasDeadLetter(letter.id)).toBe(false);
    await table.store.insertDeadLetters([letter]);
    expect(await table.store.hasDeadLetter(letter.id)).toBe(true);
    expect(await table.store.hasDeadLetter(`${letter.id}0`)).toBe(false);
  });

  it('are stored separately if their identity, body or position differs', async () => {
    const producer = randomName('producer');
    await table.store.insertDeadLetters([
      createLetter({ producer }),
      createLetter({ producer, sequence: 2 }),
      createLetter({ body: producer }),
      createLetter({ body: producer, position: 8 }),
    ]);
    await table.client.command({ query: 'OPTIMIZE TABLE dead_letters FINAL' });
    const counted =
      'SELECT count() FROM dead_letters WHERE producer = {producer: String} OR body = {producer: String}';
    expect(await table.text(counted, { producer })).toBe('4\n');
  });

  it('count as stored, so that their sequences are not reported as missing', async () => {
    const producer = randomName('producer');
    await table.store.insertDeadLetters([
      createLetter({ producer, sequence: 1 }),
      createLetter({ producer, sequence: 3 }),
    ]);
    await table.store.insertDeadLetters([createLetter({ producer, sequence: 1 })]);
    const state = await table.store.readState();
    expect(state.get(`2/${producer}`)).toEqual({
      marks: new Map(),
      highest: 3,
      holes: [{ first: 2, last: 2 }],
    });
    expect([...state.keys()].filter((key) => key.endsWith('/'))).toEqual([]);
  });
});
