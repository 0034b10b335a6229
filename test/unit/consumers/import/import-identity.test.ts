import { describe, expect, it } from 'vitest';
import { importStreamOf, sessionIdOf } from '../../../../consumers/import/import-identity.ts';
import { isImportProducer } from '../../../../src/events/import-producer.ts';

const digest = '0f'.repeat(32);

describe('the stream of an import', () => {
  it('depends only on the organisation and the file', () => {
    const stream = importStreamOf({ organisationId: 'default', digest });
    expect(importStreamOf({ organisationId: 'default', digest })).toEqual(stream);
    expect(importStreamOf({ organisationId: 'other', digest }).producer).not.toBe(stream.producer);
    expect(importStreamOf({ organisationId: 'default', digest: 'f0'.repeat(32) }).producer).not.toBe(
      stream.producer,
    );
  });

  it('has a partition from 2^31 to 2^32 - 1, which no event from Kafka can have', () => {
    for (let file = 0; file < 1000; file += 1) {
      const { partition } = importStreamOf({ organisationId: 'default', digest: `${digest}${file}` });
      expect(partition).toBeGreaterThanOrEqual(2 ** 31);
      expect(partition).toBeLessThan(2 ** 32);
    }
  });

  it('has a producer that isImportProducer recognises', () => {
    expect(isImportProducer(importStreamOf({ organisationId: 'default', digest }).producer)).toBe(true);
    expect(isImportProducer('b0b49c8f4a6e4f0f9d0d0b3a3d6a4b52')).toBe(false);
  });
});

it('sessionIdOf derives a different UUIDv8 for each row, and the same UUID at each call for one row', () => {
  const ids = Array.from({ length: 1000 }, (_, row) => sessionIdOf('import-a', row));
  expect(new Set(ids).size).toBe(1000);
  expect(sessionIdOf('import-a', 7)).toBe(ids[7]);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
