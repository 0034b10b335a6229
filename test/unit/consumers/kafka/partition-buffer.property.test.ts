import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPartitionBuffer } from '../../../../consumers/kafka/partition-buffer.ts';
import type { SourceMessage } from '../../../../consumers/sources/source.ts';

const messageAt = (position: number): SourceMessage => ({
  position,
  identity: undefined,
  body: '',
  headers: '{}',
});

/** Generates the offsets that exist in a partition. Retention and transaction markers leave gaps between them. */
const anyPartition = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 60 })
  .map((exists) => exists.flatMap((isPresent, offset) => (isPresent ? [offset] : [])));

type Step =
  | { readonly kind: 'fetch'; readonly from: number; readonly max: number }
  | { readonly kind: 'read'; readonly max: number }
  | { readonly kind: 'hint' }
  | { readonly kind: 'rewind' };

const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    // Fetches start at any offset: kafkajs starts too early after a rebalance, and too late after a stale commit.
    fc.record({
      kind: fc.constant('fetch' as const),
      from: fc.nat(60),
      max: fc.integer({ min: 1, max: 15 }),
    }),
    fc.record({ kind: fc.constant('read' as const), max: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ kind: fc.constant('hint' as const) }),
    fc.record({ kind: fc.constant('rewind' as const) }),
  ),
  { maxLength: 80 },
);

it('the partition buffer delivers every message once between rewinds, in order and without gaps, whatever offsets kafkajs fetches', async () => {
  await fc.assert(
    fc.asyncProperty(anyPartition, anySteps, fc.nat(20), async (offsets, steps, startOffset) => {
      const commits: number[] = [];
      const buffer = createPartitionBuffer(
        { name: 'topic/0', startOffset, limitMessages: 10 },
        { commit: (offset) => commits.push(offset), pause: () => {}, resume: () => {} },
      );
      const expected = offsets.filter((offset) => offset >= startOffset);
      let next = 0;
      let settled = 0;
      let fetchFrom = startOffset;
      const fetch = (from: number, max: number) => {
        const fetched = offsets.filter((offset) => offset >= from).slice(0, max);
        const wanted = buffer.offer(fetched.map(messageAt), from);
        fetchFrom = wanted ?? Math.max(fetchFrom, (fetched.at(-1) ?? -1) + 1);
      };
      const read = async (max: number) => {
        const positions = (await buffer.read(max)).map(({ position }) => position);
        expect(positions).toEqual(expected.slice(next, next + positions.length));
        next += positions.length;
        return positions.length;
      };
      const hint = async () => {
        if (next === settled) return;
        await buffer.hint(expected[next - 1] ?? 0);
        settled = next;
      };
      const rewind = () => {
        buffer.rewind();
        next = settled;
      };
      const act = async (step: Step) => {
        if (step.kind === 'fetch') fetch(step.from, step.max);
        else if (step.kind === 'read') await read(step.max);
        else await (step.kind === 'hint' ? hint : rewind)();
      };
      for (const step of steps) await act(step);
      // Fetches from the offset that the buffer requests deliver the remaining messages.
      for (let turn = 0; turn < 200 && next < expected.length; turn += 1) {
        fetch(fetchFrom, 10);
        await read(10);
      }
      expect(next).toBe(expected.length);
      for (const commit of commits)
        expect(expected.filter((offset) => offset < commit).length).toBeLessThanOrEqual(settled);
    }),
    { numRuns: 500 },
  );
});

it('the partition buffer pauses fetching at its limit of unread messages, and resumes when half of them are read', async () => {
  const calls: string[] = [];
  const buffer = createPartitionBuffer(
    { name: 'topic/0', startOffset: 0, limitMessages: 10 },
    { commit: () => {}, pause: () => calls.push('pause'), resume: () => calls.push('resume') },
  );
  buffer.offer(
    Array.from({ length: 12 }, (_, offset) => messageAt(offset)),
    0,
  );
  expect(calls).toEqual(['pause']);
  await buffer.read(6);
  expect(calls).toEqual(['pause']);
  await buffer.read(1);
  expect(calls).toEqual(['pause', 'resume']);
});
