import { randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { useInstance } from '../../../integration/http/support/instance.ts';
import { describeServices } from '../../../support/services/need.ts';
import { findLayoutFaults, useDashboard } from './dashboard.ts';

const zone = 'Europe/Berlin';

/** Tests that five questions can be answered from `/` with at most 8 keys (a typed search counts as one) or 5 clicks. */
describeServices('the dashboard in Chromium', ['chromium'], () => {
  const instance = useInstance();
  const openDashboard = useDashboard(() => instance().url);

  beforeAll(async () => {
    const { id: configurationId } = await instance().configuration('Portal');
    await instance().configuration('Forgotten');
    const yesterday = DateTime.now().setZone(zone).minus({ days: 1 }).set({ hour: 14, minute: 30 });
    const lastMonth = DateTime.now().setZone(zone).minus({ months: 1 }).set({ day: 15, hour: 12 });
    const session = (time: DateTime, tag: string) => ({
      time: time.toUTC().toISO(),
      configurationId,
      tags: [tag],
    });
    const sessions = [
      ...[1, 2, 3].map(() => session(yesterday, 'yesterday')),
      ...[1, 2, 3, 4].map(() => session(lastMonth, 'grown')),
      ...[0, 1].map((months) => session(lastMonth.minus({ months }), 'steady')),
    ];
    const path = `/api/v1/usage/imports/${randomBytes(32).toString('hex')}`;
    const answer = await instance().call('POST', path, { body: { first: 1, sessions } });
    expect(answer.status, answer.text).toBe(200);
  });

  /** Presses the keys and returns their number. A typed search counts as one key. */
  async function press(page: Page, ...keys: readonly (string | { readonly search: string })[]) {
    for (const key of keys) {
      if (typeof key === 'string') await page.keyboard.press(key);
      else {
        await page.getByRole('combobox', { name: /^Search pages/ }).waitFor();
        await page.keyboard.type(key.search);
      }
    }
    return keys.length;
  }

  it('shows which tag grew most last month', async () => {
    const { page } = await openDashboard();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    const keys = await press(page, 'p', 'Control+k', { search: 'grew' }, 'Enter');
    expect(keys).toBeLessThanOrEqual(8);
    const tags = page.getByRole('region', { name: 'Tracking tags' }).locator('tbody tr');
    await tags.first().filter({ hasText: 'grown' }).waitFor();
    await page.context().close();
  });

  it('shows which configurations and tags are unused', async () => {
    const { page } = await openDashboard();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    expect(await press(page, 'Control+k', { search: 'unused' }, 'Enter')).toBeLessThanOrEqual(8);
    await page.getByRole('row', { name: /Forgotten.*configuration.*never.*\b0\b/ }).waitFor();
    expect(await findLayoutFaults(page)).toEqual([]);
    await page.context().close();
  });

  it('shows the number of sessions yesterday at 14:00', async () => {
    const { page } = await openDashboard();
    await page.getByRole('button', { name: /Range/ }).click();
    await page.getByRole('button', { name: /^Yesterday/ }).click();
    await page.getByText(/^Show as table: 3 sessions by hour/).click();
    const table = page.getByRole('region', { name: /^3 sessions by hour/ });
    await table.getByRole('row', { name: /14:00.*\b3\b/ }).waitFor();
    await page.context().close();
  });

  it('shows whether the pipeline is complete', async () => {
    const { page } = await openDashboard();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    expect(await press(page, 'Control+k', { search: 'complete' }, 'Enter')).toBeLessThanOrEqual(8);
    await page.getByRole('status').getByText('Complete', { exact: true }).waitFor();
    await page.context().close();
  });

  it('shows who created an API token', async () => {
    await instance().call('POST', '/api/v1/api-tokens', {
      body: { name: 'Monthly export', scopes: ['usage:read'], expiresIn: '30d' },
    });
    const { page } = await openDashboard();
    await page.getByRole('link', { name: 'Access' }).click();
    await page.getByRole('link', { name: 'Monthly export' }).click();
    await page.getByText('Created by').waitFor();
    await page.getByRole('definition').filter({ hasText: 'ADMIN_TOKEN' }).waitFor();
    await page.context().close();
  });
});
