import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdentitySource, partitionOf } from '../../../../src/journal/log/identity.ts';

describe('createIdentitySource', () => {
  it('numbers the confirmed events of each partition consecutively from 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 10 }), { maxLength: 10 }),
        (batches) => {
          const source = createIdentitySource('p');
          const confirmed = batches.flatMap((batch) => {
            const identities = batch.map((partition) => source.next(partition));
            source.confirm();
            return identities;
          });
          for (const partition of [0, 1, 2]) {
            const sequences = confirmed
              .filter((identity) => identity.partition === partition)
              .map(({ sequence }) => sequence);
            expect(sequences).toEqual(sequences.map((_, index) => index + 1));
          }
        },
      ),
    );
  });

  it('creates a new random producer name for each source', () => {
    const names = Array.from({ length: 100 }, () => createIdentitySource().producer);
    expect(new Set(names).size).toBe(100);
    expect(names.filter((name) => !/^[0-9a-f-]{36}$/.test(name))).toEqual([]);
  });
});

describe('partitionOf', () => {
  it('returns a valid partition that depends only on the session id and the number of partitions', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 1000 }), (id, partitions) => {
        const partition = partitionOf(id, partitions);
        expect(partition).toBe(partitionOf(id, partitions));
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(partitions);
      }),
    );
  });

  it('returns the same partitions in every version, because events keep their partition permanently', () => {
    const id = '0199a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b';
    expect([1, 2, 3, 12, 100].map((partitions) => partitionOf(id, partitions))).toEqual([0, 1, 2, 11, 83]);
  });

  it('distributes sessions evenly', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (const id of fc.sample(fc.uuid({ version: 7 }), { numRuns: 6000, seed: 1 })) {
      const partition = partitionOf(id, counts.length);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(700);
  });
});
