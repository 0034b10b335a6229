import { expect, it } from 'vitest';
import { createToken, uniqueName } from '../../../integration/http/support/access-api.ts';
import { useInstance } from '../../../integration/http/support/instance.ts';
import { adminToken } from '../../../support/app-process.ts';
import { describeServices } from '../../../support/services/need.ts';
import { findLayoutFaults, findViolations, useDashboard } from './dashboard.ts';

const markup = '<img src=x onerror="document.title=1">';

describeServices('the access pages in Chromium', ['chromium'], () => {
  const instance = useInstance();
  const openDashboard = useDashboard(() => instance().url);

  it('create an API token, show its secret once, and revoke the token', async () => {
    const organisation = uniqueName('Tenant');
    await instance().call('POST', '/api/v1/organisations', { body: { name: organisation } });
    const { page, faults } = await openDashboard({ path: '/api-tokens' });
    await page.getByRole('button', { name: 'New API token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(markup);
    await page.getByRole('checkbox', { name: /tokens:read/ }).check();
    await page.getByLabel('Organisation', { exact: true }).selectOption({ label: organisation });
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const secret = (await page.getByRole('dialog').locator('.code').first().textContent()) ?? '';
    expect(await findViolations(page)).toEqual([]);
    const headers = { authorization: `Bearer ${secret}` };
    expect((await instance().get('/api/v1/usage/summary', headers)).status).toBe(200);
    await page.getByRole('button', { name: 'I have stored the secret' }).click();

    await page.getByRole('link', { name: markup }).click();
    await page.getByText('usage:read, tokens:read').or(page.getByText('tokens:read, usage:read')).waitFor();
    await page.getByText('Created by').waitFor();
    await page.getByRole('definition').filter({ hasText: 'ADMIN_TOKEN' }).waitFor();
    expect(await page.content()).not.toContain(secret);
    expect(await findLayoutFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('revoked', { exact: true }).waitFor();
    expect((await instance().get('/api/v1/usage/summary', headers)).status).toBe(401);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('show who changed what, and filter by target and result', async () => {
    const id = String((await createToken(instance(), { name: uniqueName('Audited') })).body['id']);
    const { page } = await openDashboard({ path: '/audit' });
    const rows = page.getByRole('table', { name: 'Audit log' }).locator('tbody tr');
    await rows.first().waitFor();
    await page.getByRole('searchbox', { name: 'Id of the target' }).fill(id);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Remove the filter target ${id}` }).waitFor();
    // The table still has the rows of all entries until the response arrives.
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(1);
    await rows.filter({ hasText: 'api-token.create' }).filter({ hasText: 'ADMIN_TOKEN' }).waitFor();
    expect(await findLayoutFaults(page)).toEqual([]);
    await page.getByLabel('Result', { exact: true }).selectOption('FAIL');
    await page.getByRole('heading', { name: 'No entry' }).waitFor();
    expect(new URL(page.url()).searchParams.get('result')).toBe('FAIL');
    await page.goBack();
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(1);
    await page.context().close();
  });

  it('create an organisation', async () => {
    const name = uniqueName('Customer');
    const { page } = await openDashboard({ path: '/organisations', token: adminToken });
    await page.getByRole('button', { name: 'New organisation' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('row', { name }).waitFor();
    expect(await findLayoutFaults(page)).toEqual([]);
    await page.context().close();
  });
});
