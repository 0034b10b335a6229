import { expect, it } from 'vitest';
import { projectPaths } from '../../../src/app/data-paths.ts';
import { grains, usageGrainOf } from '../../../src/events/grains.ts';
import { readSqlFiles } from '../../../src/platform/files/sql-files.ts';

/** Returns the projections in the SQL files, with their group keys and their measures. */
function projectionsInSql() {
  const text = readSqlFiles(projectPaths.clickHouseMigrations)
    .flatMap(({ statements }) => statements)
    .join('\n');
  const projections = text.matchAll(
    /PROJECTION (?:IF NOT EXISTS )?(\w+)\s*\(\s*SELECT ([\s\S]+?) GROUP BY ([^)]+?)\s*\)/g,
  );
  return [...projections].map(([, name, selected = '', groupedBy = '']) => {
    const keys = groupedBy.split(',').map((key) => key.trim());
    const columns = selected.split(/,\s*/).map((column) => column.trim());
    return { name, keys, measures: columns.filter((column) => !keys.includes(column)) };
  });
}

it('the list of grains contains exactly the projections in the SQL files, with the same keys and measures', () => {
  const expected = grains.map(({ name, keys, measures }) => ({
    name,
    keys,
    measures: [...measures, 'count()'].sort(),
  }));
  const inSql = projectionsInSql().map((projection) => ({
    ...projection,
    measures: projection.measures.sort(),
  }));
  expect(inSql).toEqual(expected);
  expect(expected.length).toBeGreaterThan(5);
});

const details = ['organisation', 'configuration', 'tags'] as const;
const orders = ['byTime', 'byConfiguration'] as const;

it('a grain exists by month and by quarter hour for every detail and order', () => {
  for (const detail of details)
    for (const order of orders)
      for (const time of ['month', 'quarter'] as const)
        expect(usageGrainOf(time, detail, order)).toMatchObject({ time });
  expect(orders.map((order) => usageGrainOf('day', 'configuration', order))).toEqual([undefined, undefined]);
});

it('usageGrainOf returns the grain with the fewest keys for a detail, in the requested order if both orders are stored', () => {
  const names = details.map((detail) =>
    orders.map((order) => usageGrainOf('quarter', detail, order)?.name ?? ''),
  );
  expect(names).toEqual([
    ['quarters', 'quarters'],
    ['quarters_of_configurations', 'quarters_by_configuration'],
    ['quarters_by_tags', 'quarters_by_tags'],
  ]);
});
