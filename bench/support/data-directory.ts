import { join } from 'node:path';
import { fillJournal } from './events.ts';
import { sleep } from './processes.ts';
import { report } from './progress.ts';
import { startWatmeter } from './watmeter.ts';

/** Creates a data directory with stored events from the last 60 days. */
export async function fillDataDirectory(dataDir: string, events: number): Promise<void> {
  report(`making a data directory with ${events} events`);
  await fillJournal({ directory: join(dataDir, 'journal'), count: events, spanMs: 60 * 86_400_000 });
  const watmeter = await startWatmeter({ dataDir });
  try {
    while ((await watmeter.pendingEvents()) > 0) await sleep(100);
    const { total } = await watmeter.call<{ total: number }>('GET', '/api/v1/usage/summary');
    if (total !== events) throw new Error(`${total} of ${events} events are stored`);
  } finally {
    await watmeter.stop();
  }
}
