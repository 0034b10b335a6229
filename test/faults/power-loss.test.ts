import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withFaultCase } from '../support/faults/fault-case.ts';
import { until, waitUntilStored } from '../support/faults/instance.ts';
import { partsOf, tableDirectory } from '../support/faults/table-directory.ts';
import { createTemplate, type Template } from '../support/faults/template.ts';

/**
 * Simulates damage by a power failure. ClickHouse syncs the rows of an insert, but neither its projection files nor
 * the output of a merge. After a power failure, those files may be empty or filled with zeros.
 */
describe('the event table after a power failure', () => {
  let template: Template;
  beforeAll(async () => {
    template = await createTemplate();
  });
  afterAll(() => template.remove());

  const isMerged = (part: string) => !part.endsWith('_0');
  const losses = [
    { name: 'all files of all projections are empty', files: projectionFiles, damage: empty },
    { name: 'all files of all projections are zeros', files: projectionFiles, damage: zero },
    { name: 'the ledger’s files are empty', files: ledgerFiles, damage: empty },
    { name: 'the rows of merged parts are empty', files: mergedRows, damage: empty },
  ];

  it.each(losses)('has exact contents after the restart if $name', ({ name, files, damage }) =>
    withFaultCase(template, name, async ({ instance, answerMore, finish }) => {
      const table = tableDirectory(instance.dataDir);
      await instance.start({ env: { SINK_LINGER: '0ms', SINK_MAX_ROWS: '30' } });
      await answerMore(400);
      await waitUntilStored(instance);
      await until('parts are merged', () => partsOf(table).some(isMerged), 30_000);
      await instance.kill();
      const lost = files(table);
      expect(lost.length).toBeGreaterThan(0);
      lost.forEach(damage);

      await instance.start();
      await answerMore(100);
      const { violations, audit } = await finish();
      console.log(`${name}: ${lost.length} files`, audit.figures);
      expect(violations).toEqual([]);
    }),
  );

  function projectionFiles(table: string): string[] {
    return partsOf(table).flatMap((part) =>
      readdirSync(join(table, part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.parentPath.endsWith('.proj'))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
  }

  function ledgerFiles(table: string): string[] {
    return projectionFiles(table).filter((path) => path.includes('/ledger.proj/'));
  }

  function mergedRows(table: string): string[] {
    return partsOf(table)
      .filter(isMerged)
      .map((part) => join(table, part, 'data.bin'));
  }
});

function empty(path: string): void {
  truncateSync(path, 0);
}

function zero(path: string): void {
  writeFileSync(path, Buffer.alloc(statSync(path).size));
}
