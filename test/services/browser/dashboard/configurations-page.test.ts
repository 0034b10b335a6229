import { expect, it } from 'vitest';
import { addApiToken, useInstance } from '../../../integration/http/support/instance.ts';
import { mint } from '../../../support/api.ts';
import { describeServices } from '../../../support/services/need.ts';
import { findViolations, useDashboard } from './dashboard.ts';

const keyBlock = /-----BEGIN PUBLIC KEY-----[\s\S]*-----END PUBLIC KEY-----/;

describeServices('configurations and sessions in Chromium', ['chromium'], () => {
  const instance = useInstance();
  const openDashboard = useDashboard(() => instance().url);
  const base = '/api/v1/web-access-tokens/configurations';

  // The first test needs the instance before it has a session.
  it('leads from an empty instance to the first session: creates a configuration, generates a token, opens it and shows the session', async () => {
    const { page, faults } = await openDashboard();
    await page.getByRole('button', { name: 'Create configuration' }).click();
    await page.locator('main').getByText(keyBlock).waitFor();
    await page.getByRole('button', { name: 'Generate token' }).click();
    await page.getByRole('button', { name: 'Open the token once' }).click();
    await page.getByRole('row', { name: /My first configuration.*\b1\b/ }).waitFor();
    await page.getByRole('row', { name: /first-link.*\b1\b/ }).waitFor();
    await page.getByRole('img', { name: /^1 session by day/ }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('shows a new public key once', async () => {
    const { page, faults } = await openDashboard({ path: '/configurations' });
    await page.getByRole('button', { name: 'New configuration' }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Name' }).fill('Webinar');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('dialog').getByText(keyBlock).waitFor();
    await page.getByRole('button', { name: 'I have stored the key' }).click();
    await page.getByRole('link', { name: 'Webinar' }).click();
    await page.getByRole('heading', { name: 'Webinar' }).waitFor();
    expect(await page.content()).not.toMatch(keyBlock);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('renames, disables, rotates and deletes a configuration', async () => {
    const configuration = await instance().configuration('Before');
    await instance().session(configuration);
    await instance().settled();
    const { page } = await openDashboard({ path: `/configurations/${configuration.id}` });
    await page.locator('.reading', { hasText: 'Total' }).getByText('1', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('After');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'After' }).waitFor();

    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    const read = async () => (await instance().get(`${base}/${configuration.id}`)).body;
    expect(await read()).toMatchObject({ name: 'After', enabled: false });
    const body = { webAccessToken: await mint(configuration, { sub: 'alice' }) };
    expect((await instance().call('POST', '/api/v1/wat/sessionToken', { body })).status).toBe(401);

    await page.getByRole('button', { name: 'Rotate key' }).click();
    await page.getByRole('button', { name: 'Create a new key' }).click();
    await page.getByRole('dialog').getByText(keyBlock).waitFor();
    await page.getByRole('button', { name: 'I have stored the key' }).click();
    await page.getByText(/accepted until/).waitFor();

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Configurations', level: 1 }).waitFor();
    expect((await instance().get(`${base}/${configuration.id}`)).status).toBe(404);
    await page.context().close();
  });

  it('offers no change to an API token that can only read', async () => {
    const { id } = await instance().configuration('Read only');
    const { token } = await addApiToken(instance(), { scopes: ['usage:read', 'tokens:read'] });
    const { page } = await openDashboard({ path: `/configurations/${id}`, token });
    await page.getByRole('heading', { name: 'Read only' }).waitFor();
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await page.context().close();
  });

  it('lists single sessions, and shows one with all its tags', async () => {
    const configuration = await instance().configuration('Listed');
    const trc = ['a', 'b', 'c', 'd', '<i>e</i>'];
    await instance().session(configuration, { sub: 'alice', trc });
    await instance().settled();
    const { page } = await openDashboard({ path: `/sessions?configurationId=${configuration.id}&range=all` });
    await page.getByRole('button', { name: 'Listed', exact: true }).click();
    const drawer = page.getByRole('dialog', { name: 'Session' });
    for (const tag of trc) await drawer.getByRole('button', { name: `Show only ${tag}` }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Show only d' }).click();
    await page.getByRole('button', { name: 'Remove the filter Tag d' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sessions');
    await page.context().close();
  });
});
