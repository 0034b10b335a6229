import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instance } from '../../../integration/http/support/instance.ts';
import { startChromium } from '../../../support/browser/chromium.ts';
import { describeServices } from '../../../support/services/need.ts';
import { events } from './events.ts';
import { type Scheme, useSite } from './sites.ts';
import { type Count, readTable, type TableRow } from './table.ts';
import { endVisit, startVisit, type Visit } from './visits.ts';

const rows = readTable();

it('the table in docs/reference/sessions.md and this suite have the same events', () => {
  expect(rows.map(({ event }) => event).sort()).toEqual(Object.keys(events).sort());
});

describeServices('a real browser behind nginx', ['chromium', 'nginx', 'openssl'], () => {
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    browser = await startChromium({
      args: [
        '--host-resolver-rules=MAP * 127.0.0.1',
        '--ignore-certificate-errors',
        // All tabs share a renderer process, which saves time.
        '--renderer-process-limit=1',
      ],
      without: ['--disable-back-forward-cache'],
    });
    context = await browser.newContext();
    context.setDefaultTimeout(30_000);
  });
  afterAll(() => browser?.close());

  for (const { scheme, settings, group } of groupRows()) {
    const names = Object.entries(settings).map(([name, value]) => ` and ${name}=${value}`);
    describe(`with ${scheme}${names.join('')}`, () => {
      const site = useSite(scheme, settings);
      const visits = new Map<string, Visit>();

      it.each(group.map(({ event }) => event))('shows the right page or is rejected: %s', async (event) => {
        const visit = await startVisit(site(), context, event.slice(0, 80));
        visits.set(event, visit);
        try {
          await events[event]?.(visit);
        } finally {
          await endVisit(visit);
        }
      });

      it('counts the sessions and refusals that the table lists', async () => {
        const expected = Object.fromEntries(group.map((row) => [row.event, row[scheme]]));
        // Refusals appear in the list only some time after the response.
        await expect.poll(() => countAll(site().instance, visits), { timeout: 30_000 }).toEqual(expected);
      });
    });
  }
});

/** Groups the rows of the table by scheme and settings. Each group needs its own site. */
function groupRows(): { scheme: Scheme; settings: TableRow['settings']; group: TableRow[] }[] {
  const settingsOf = ({ settings }: TableRow) => JSON.stringify(settings);
  const allSettings = [...new Set(rows.map(settingsOf))];
  return (['https', 'http'] as const).flatMap((scheme) =>
    allSettings.flatMap((settings) => {
      const group = rows.filter((row) => settingsOf(row) === settings && row[scheme] !== undefined);
      return group.length === 0 ? [] : [{ scheme, settings: JSON.parse(settings), group }];
    }),
  );
}

/** Returns the sessions and refusals of each event, without the sessions of its preparation. */
async function countAll(
  instance: Instance,
  visits: ReadonlyMap<string, Visit>,
): Promise<Record<string, Count>> {
  // `settled` needs completeThrough, which usage responses contain only after the first session.
  await instance.session(await instance.configuration('Settled'));
  await instance.settled();
  const usage = await instance.get('/api/v1/usage/configurations?limit=500');
  const refused = await instance.get('/api/v1/refusals');
  const totals = usage.body['items'] as { configurationId: string; total: number }[];
  const refusals = refused.body['items'] as { configurationId: string; reason: string; refusals: number }[];
  const isOf =
    ({ configuration }: Visit) =>
    (item: { configurationId: string }) =>
      item.configurationId === configuration.id;
  return Object.fromEntries(
    [...visits].map(([event, visit]) => [
      event,
      {
        sessions: (totals.find(isOf(visit))?.total ?? 0) - visit.prepared,
        refusals: Object.fromEntries(
          refusals.filter(isOf(visit)).map(({ reason, refusals: count }) => [reason, count]),
        ),
      },
    ]),
  );
}
