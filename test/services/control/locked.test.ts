import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import {
  addConfiguration,
  createMovedClock,
  openTemporaryControl,
  organisation,
} from '../../unit/tokens/support/control.ts';

it('SQLite that another process holds for too long is unavailable, not a fault of ours; readers go on', async () => {
  const control = await openTemporaryControl(createMovedClock());
  const id = await addConfiguration(control);
  const other = new Database(join(control.place.config.dataDir, 'control', 'control.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  const change = control.configurations.change(id, { name: 'Later' }, organisation);
  await expect(change).rejects.toMatchObject({
    code: 'control_store_unavailable',
    cause: { message: expect.stringContaining('SQLITE_BUSY') },
  });
  // Readers do not wait for a writer.
  expect(await control.configurations.get(id, organisation)).toMatchObject({ name: 'Portal' });
  other.close();
});
