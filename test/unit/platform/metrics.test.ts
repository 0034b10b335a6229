import { expect, it } from 'vitest';
import { addLabelledGauge, createRegistry } from '../../../src/platform/metrics.ts';

it('a labelled gauge drops the values of labels that no longer exist', async () => {
  const { registry } = createRegistry();
  let lags: readonly (readonly [string, number])[] = [
    ['1', 10],
    ['2', 20],
  ];
  addLabelledGauge(registry, { name: 'lag', help: 'Lag', label: 'partition' }, () => lags);
  expect(await registry.getSingleMetricAsString('lag')).toContain('lag{partition="1"} 10');
  lags = [['2', 21]];
  const text = await registry.getSingleMetricAsString('lag');
  expect(text).toContain('lag{partition="2"} 21');
  expect(text).not.toContain('partition="1"');
});
