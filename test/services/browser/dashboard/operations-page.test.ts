import { beforeAll, expect, it } from 'vitest';
import { useInstance } from '../../../integration/http/support/instance.ts';
import { mint } from '../../../support/api.ts';
import { describeServices } from '../../../support/services/need.ts';
import { findLayoutFaults, findViolations, useDashboard } from './dashboard.ts';

const path = '/operations';
const gone = { producer: '01993f0a-0000-7b3a-9d52-8f4e1c7a2b60', gateway: 'gateway-2', state: 'gone' };

describeServices('the operations page in Chromium', ['chromium'], () => {
  const instance = useInstance();
  const openDashboard = useDashboard(() => instance().url);

  beforeAll(async () => {
    const configuration = await instance().configuration('Portal');
    await instance().session(configuration);
    await instance().settled();
    const disabled = await instance().configuration('Switched off');
    const configurations = '/api/v1/web-access-tokens/configurations';
    await instance().call('PATCH', `${configurations}/${disabled.id}`, { body: { enabled: false } });
    const body = { webAccessToken: await mint(disabled, { sub: 'alice' }) };
    const answer = await instance().call('POST', '/api/v1/wat/sessionToken', { body, headers: {} });
    expect(answer.status).toBe(401);
  });

  it('shows that the pipeline is complete, and why tokens were rejected', async () => {
    const { page, faults } = await openDashboard({ path });
    await page.getByRole('status').getByText('Complete', { exact: true }).waitFor();
    await page.getByRole('row', { name: /Switched off.*disabled.*\b1\b/ }).waitFor();
    await page.getByRole('button', { name: 'Check every row' }).click();
    await page.getByText(/every row compared/).waitFor();
    await page.getByText('sink', { exact: true }).waitFor();
    expect(await findLayoutFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('names the gateway that delays completeThrough, and retires the gateway after a confirmation', async () => {
    const { page } = await openDashboard();
    const completeThrough = '2026-11-21T09:00:00.000Z';
    await page.route('**/api/v1/gateways', (route) =>
      route.fulfill({ json: { completeThrough, gateways: [{ ...gone, completeThrough }] } }),
    );
    const retirements: unknown[] = [];
    await page.route('**/api/v1/gateways/retire', (route) => {
      retirements.push(route.request().postDataJSON());
      return route.fulfill({ json: { retired: [gone.producer] } });
    });
    await page.getByRole('link', { name: 'Operations' }).click();
    await page.getByRole('status').getByText('gateway-2 is gone', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Retire' }).click();
    expect(await findViolations(page)).toEqual([]);
    expect(retirements).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(retirements).toEqual([{ name: gone.producer }]);
    await page.context().close();
  });

  it('is reloaded if its code is missing, because a newer build has replaced the code', async () => {
    const { page } = await openDashboard();
    let requests = 0;
    await page.route('**/assets/operations-page-*.js', (route) => {
      requests += 1;
      return requests === 1 ? route.fulfill({ status: 404, body: '' }) : route.continue();
    });
    await page.getByRole('link', { name: 'Operations' }).click();
    await page.getByRole('heading', { name: 'Operations', level: 1 }).waitFor();
    await page.getByRole('status').getByText('Complete', { exact: true }).waitFor();
    await page.context().close();
  });

  it('shows the readiness of the process even if the integrity check fails', async () => {
    const { page } = await openDashboard({ path });
    await page.getByRole('status').getByText('Complete', { exact: true }).waitFor();
    await page.route('**/api/v1/usage/integrity*', (route) =>
      route.fulfill({ status: 503, json: { status: 503, detail: 'The check failed.' } }),
    );
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'The check failed.' }).first().waitFor();
    await page.getByText('sink', { exact: true }).waitFor();
    await page.context().close();
  });
});
