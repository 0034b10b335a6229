import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import type { ControlStores } from '../../support/control-stores.ts';
import { openControlAt } from '../../unit/tokens/support/control.ts';

const entry = fileURLToPath(new URL('../../../bin/watmeter.cjs', import.meta.url));
const processes = 4;

export function startingTogetherCases(stores: ControlStores): void {
  describe('processes that open an empty control store at once', () => {
    it('make its tables once, and agree on every key', async () => {
      const place = await stores.create();
      onTestFinished(place.remove);
      const env = { PATH: process.env['PATH'], ...place.env };
      const run = () => promisify(execFile)(process.execPath, [entry, 'admin-token', 'renew'], { env });
      const outputs = await Promise.all(Array.from({ length: processes }, run));

      const { store, tokens } = await openControlAt(place, systemClock);
      const principals = await Promise.all(outputs.map(({ stdout }) => tokens.authenticate(stdout.trim())));
      // Each made the administrator's token anew: one was the last.
      expect(principals.filter((principal) => principal !== undefined)).toHaveLength(1);
      const applied = await store.selectFrom('schema_migrations').select('name').execute();
      expect(applied).toEqual([{ name: '0001_first.sql' }]);
      expect(await store.selectFrom('revisions').selectAll().execute()).toEqual([
        { topic: 'token_configurations', revision: 0 },
      ]);
      expect(await store.selectFrom('organisations').select('id').execute()).toEqual([{ id: 'default' }]);
    });
  });
}
