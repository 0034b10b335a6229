import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import {
  addConfiguration,
  createManualClock,
  openTemporaryControl,
  organisation,
} from '../../unit/tokens/support/control.ts';

it('a SQLite store that another process locks too long is unavailable for writers, while readers continue', async () => {
  const control = await openTemporaryControl(createManualClock());
  const id = await addConfiguration(control);
  const lockHolder = new Database(join(control.place.config.dataDir, 'control', 'control.sqlite'));
  lockHolder.exec('BEGIN IMMEDIATE');
  const change = control.configurations.change(id, { name: 'Later' }, organisation);
  await expect(change).rejects.toMatchObject({
    code: 'control_store_unavailable',
    cause: { message: expect.stringContaining('SQLITE_BUSY') },
  });
  // Readers do not wait for a writer.
  expect(await control.configurations.get(id, organisation)).toMatchObject({ name: 'Portal' });
  lockHolder.close();
});
