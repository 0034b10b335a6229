import { expect, it } from 'vitest';
import { arrive, setUpSink } from './rig.ts';

it('missing events are logged immediately and then every 10 minutes, with the number of suppressed lines', async () => {
  const { source, sink, advance, lines } = setUpSink({ lingerMs: 100 });
  arrive(source, 1, 3);
  arrive(source, 8, 9);
  sink.start();
  for (let second = 0; second < 1230; second += 1) {
    arrive(source, 10 + second, 10 + second);
    await advance(1000);
  }
  const warnings = lines.filter(({ level }) => level === 'warn');
  expect(warnings).toHaveLength(3);
  expect(warnings).toMatchObject([
    { missing: 4, message: 'events are missing between stored ones' },
    { missing: 4, repeats: expect.any(Number) },
    { missing: 4, repeats: expect.any(Number) },
  ]);
});

it('missing events are logged immediately if all earlier missing events have been stored', async () => {
  const { source, sink, advance, lines } = setUpSink();
  const warnings = () => lines.filter(({ level }) => level === 'warn').length;
  arrive(source, 1, 3);
  arrive(source, 5, 6);
  sink.start();
  await advance(2000);
  expect(warnings()).toBe(1);
  arrive(source, 4, 4);
  await advance(2000);
  arrive(source, 8, 8);
  await advance(2000);
  expect(warnings()).toBe(2);
});
