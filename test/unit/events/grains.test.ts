import { expect, it } from 'vitest';
import { projectPaths } from '../../../src/app/data-paths.ts';
import { grains, usageGrainOf } from '../../../src/events/grains.ts';
import { readSqlFiles } from '../../../src/platform/files/sql-files.ts';

/** The projections in the SQL files: what they group by, and what they keep for each group. */
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

it('lists every projection of the SQL files with its keys and measures', () => {
  const expected = grains.map(({ name, keys, measures }) => ({
    name,
    keys,
    measures: [...measures, 'count()'].sort(),
  }));
  const inSql = projectionsInSql().map((one) => ({ ...one, measures: one.measures.sort() }));
  expect(inSql).toEqual(expected);
  expect(expected.length).toBeGreaterThan(5);
});

it('has a grain of months and of quarters of an hour with and without tags', () => {
  for (const byTags of [true, false])
    for (const time of ['month', 'quarter'] as const)
      expect(usageGrainOf(time, byTags)).toMatchObject({ time });
  expect(usageGrainOf('day', false)).toBeUndefined();
});
