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

it('a grain exists by month and by quarter hour for every detail', () => {
  for (const detail of details)
    for (const time of ['month', 'quarter'] as const)
      expect(usageGrainOf(time, detail)).toMatchObject({ time });
  expect(usageGrainOf('day', 'configuration')).toBeUndefined();
});

it('the grain of a detail has no more keys than it needs', () => {
  const names = details.map((detail) => usageGrainOf('quarter', detail)?.name);
  expect(names).toEqual(['quarters', 'quarters_by_configuration', 'quarters_by_tags']);
});
