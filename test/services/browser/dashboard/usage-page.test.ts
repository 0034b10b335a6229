import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { useInstance } from '../../../integration/http/support/instance.ts';
import type { TestConfiguration } from '../../../support/api.ts';
import { describeServices } from '../../../support/services/need.ts';
import { findViolations, patienceMs, useDashboard } from './dashboard.ts';

const markup = '<img src=x onerror="document.title=1">';
const longName = `${'long '.repeat(25)}end`;

describeServices('the usage page in Chromium', ['chromium'], () => {
  const instance = useInstance();
  const openDashboard = useDashboard(() => instance().url);
  let portal: TestConfiguration;

  beforeAll(async () => {
    portal = await instance().configuration('Portal');
    const kiosk = await instance().configuration('Kiosk');
    const hostile = await instance().configuration(markup);
    await instance().configuration(longName);
    for (const trc of [['newsletter'], ['newsletter', 'mobile'], []])
      await instance().session(portal, { sub: 'alice', trc });
    await instance().session(kiosk, { sub: 'bob', trc: ['mobile'] });
    await instance().session(hostile, { sub: 'carol', trc: [markup] });
    await instance().settled();
  });

  const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
  const search = (page: Page) => new URL(page.url()).searchParams;

  it('shows the sessions as numbers, as a graph with a table, and as lists', async () => {
    const { page, faults } = await openDashboard();
    await row(page, /Portal.*\b3\b/).waitFor();
    await row(page, /newsletter.*\b2\b/).waitFor();
    await page.getByRole('img', { name: /^5 sessions by day, Last 28 days/ }).waitFor();
    await page.getByRole('img', { name: /^5 sessions by weekday and hour/ }).waitFor();
    await page.locator('.reading', { hasText: 'Sessions' }).getByText('5 in total').waitFor();

    await page.getByText('Show as table: 5 sessions by day').click();
    const table = page.getByRole('region', { name: /^5 sessions by day/ }).getByRole('row');
    await expect.poll(() => table.count(), { timeout: patienceMs }).toBe(29);
    // The sum, because the sessions are of yesterday if the test passes midnight.
    const counts = await table.locator('td:nth-of-type(1)').allTextContents();
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(5);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('keeps filters in the URL, so that the back button, a reload and a link show the same', async () => {
    const { page } = await openDashboard();
    await row(page, /Portal/)
      .getByRole('button')
      .click();
    await row(page, /newsletter.*\b2\b/).waitFor();
    await expect.poll(() => row(page, /<img/).count(), { timeout: patienceMs }).toBe(1);
    expect(search(page).get('configurationId')).toBe(portal.id);
    await row(page, /mobile/)
      .getByRole('button')
      .click();
    await page.getByRole('button', { name: 'Remove the filter Tag mobile' }).waitFor();
    const link = page.url();

    await page.goBack();
    await page.getByRole('button', { name: 'Remove the filter Tag mobile' }).waitFor({ state: 'detached' });
    await page.goto(link);
    await page.getByRole('img', { name: /^1 session by day/ }).waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByRole('img', { name: /^5 sessions by day/ }).waitFor();
    await page.context().close();
  });

  it('shows a new session without a reload', async () => {
    const { page } = await openDashboard();
    const total = page.locator('.reading', { hasText: 'Configurations in use' });
    await total.waitFor();
    await row(page, /Kiosk/).waitFor();
    const newcomer = await instance().configuration('Newcomer');
    await instance().session(newcomer, { sub: 'dora', trc: ['launch'] });
    await row(page, /Newcomer.*\b1\b/).waitFor();
    await row(page, /launch.*\b1\b/).waitFor();
    await page.context().close();
  });

  it('answers to keys and to the command palette', async () => {
    const { page } = await openDashboard();
    await row(page, /Portal/).waitFor();
    await page.keyboard.press('w');
    await expect.poll(() => search(page).get('range'), { timeout: patienceMs }).toBe('last7days');
    await page.keyboard.press('x');
    await expect.poll(() => search(page).get('compare'), { timeout: patienceMs }).toBe('none');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('yester');
    await page.keyboard.press('Enter');
    await expect.poll(() => search(page).get('range'), { timeout: patienceMs }).toBe('yesterday');
    await page.getByRole('img', { name: /^\d+ sessions? by hour, Yesterday/ }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('newslet');
    await page.getByRole('option', { name: 'newsletter' }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => search(page).get('tag'), { timeout: patienceMs }).toBe('newsletter');
    await page.context().close();
  });

  it('finds time zones by their old and new names', async () => {
    const { page } = await openDashboard();
    await page.getByRole('button', { name: /Time zone/ }).click();
    await page.getByRole('combobox', { name: 'Time zone' }).fill('calcutta');
    await page.getByRole('option', { name: /Asia\/Kolkata/ }).click();
    await page.getByText(/Today began at 00:00 on .*, Asia\/Kolkata/).waitFor();
    expect(search(page).get('timeZone')).toBe('Asia/Kolkata');
    await page.context().close();
  });

  it('shows markup in names as text', async () => {
    const { page, faults } = await openDashboard();
    await page.getByRole('button', { name: markup }).first().waitFor();
    expect(await page.title()).toBe('Usage · watmeter');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('explains a number with a count of single rows', async () => {
    const { page } = await openDashboard();
    await page.getByRole('button', { name: 'Sessions by day: export and explain' }).click();
    await page.getByRole('menuitem', { name: 'Explain these numbers' }).click();
    await page.getByText('Both counts are equal.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.context().close();
  });

  it('downloads a card as CSV and as PNG', async () => {
    const { page } = await openDashboard();
    for (const [item, name] of [
      ['Download CSV', /^usage-configurations_.*\.csv$/],
      ['Download PNG', /^configurations\.png$/],
    ] as const) {
      await row(page, /Portal/).waitFor();
      await page.getByRole('button', { name: 'Token configurations: export and explain' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(name);
      expect(await download.failure()).toBeNull();
    }
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility violation and no sideways scrolling, %s',
    async (colorScheme) => {
      for (const width of [360, 2560]) {
        const { page } = await openDashboard({ colorScheme, width });
        await row(page, /Portal/).waitFor();
        await page.getByRole('img', { name: /by weekday and hour/ }).waitFor();
        expect(await findViolations(page)).toEqual([]);
        await page.getByRole('button', { name: /Range/ }).click();
        expect(await findViolations(page)).toEqual([]);
        const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
        expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
        await page.context().close();
      }
    },
  );

  it('reports a lost connection, and continues when it is back', async () => {
    const { page } = await openDashboard();
    await row(page, /Portal/).waitFor();
    await page.route('**/api/v1/usage/**', (route) => route.abort());
    await page.getByText(/Connection lost, retrying/).waitFor();
    await row(page, /Portal/).waitFor();
    await page.unroute('**/api/v1/usage/**');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().close();
  });

  it('returns to the form when the session has ended', async () => {
    const { page } = await openDashboard();
    await row(page, /Portal/).waitFor();
    await page.context().clearCookies();
    await page.getByText('Your session has ended. Sign in again to continue.').waitFor();
    await page.context().close();
  });
});
