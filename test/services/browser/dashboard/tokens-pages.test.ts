import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useInstance } from '../../../integration/http/support/instance.ts';
import { mint } from '../../../support/api.ts';
import { describeServices } from '../../../support/services/need.ts';
import { findLayoutFaults, useDashboard } from './dashboard.ts';

describeServices('the token pages in Chromium', ['chromium'], () => {
  const instance = useInstance();
  const openDashboard = useDashboard(() => instance().url);
  const result = (page: Page) => page.getByRole('region', { name: 'Result' });

  it('show why claims are rejected, and create a token that an exchange accepts', async () => {
    const { id, publicKey } = await instance().configuration('Portal');
    const { page, faults } = await openDashboard({ path: '/tokens/new' });
    await page.getByRole('button', { name: 'Choose a configuration' }).click();
    await page.getByRole('combobox', { name: 'Token configuration' }).fill('port');
    await page.getByRole('option', { name: 'Portal' }).click();
    expect(new URL(page.url()).searchParams.get('configurationId')).toBe(id);
    await page.getByRole('textbox', { name: 'Public key' }).fill(publicKey);
    await page.getByRole('textbox', { name: 'Claims' }).fill('{"sub": 1}');
    const create = page.getByRole('button', { name: 'Create token' });
    await create.click();
    await page.getByText('Not created: the claims have errors').waitFor();
    await page.getByText('/sub', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Example of all claims' }).click();
    await create.click();
    await page.getByText('Created, not opened yet').waitFor();
    const webAccessToken = (await page.locator('.created .code').first().textContent()) ?? '';
    expect(await findLayoutFaults(page)).toEqual([]);
    expect(page.url()).not.toContain(webAccessToken);
    const answer = await instance().call('POST', '/api/v1/wat/sessionToken', {
      body: { webAccessToken },
      headers: {},
    });
    expect(answer.status).toBe(200);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('show what is wrong with a token or a link, and open the form to create a corrected token', async () => {
    const configuration = await instance().configuration('Tested');
    const token = await mint(configuration, { sub: 'alice', exp: 1, trc: ['<b>bold</b>'] });
    const { page, faults } = await openDashboard({ path: '/tokens/test' });
    const input = page.getByRole('textbox', { name: 'Token or link' });
    await input.fill(`https://portal.example/wat/${token}/dashboards/1`);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await result(page).getByText('not valid').waitFor();
    await result(page).getByText('/exp', { exact: true }).waitFor();
    await result(page).getByText('<b>bold</b>').waitFor();
    expect(await findLayoutFaults(page)).toEqual([]);
    expect(page.url()).not.toContain(token);
    await page.getByRole('button', { name: 'Edit and create again' }).click();
    await page.getByRole('button', { name: 'Tested' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Claims' }).inputValue()).toContain('"sub": "alice"');

    await page.getByRole('link', { name: 'Test token' }).click();
    await input.fill('not a token');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await result(page).getByText('not valid').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
