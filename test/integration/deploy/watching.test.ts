import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errors } from '../../../src/app/declared.ts';
import { call } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { readProjectFile, readYaml } from '../../support/deploy/compose.ts';
import {
  exposedMetrics,
  readAlerts,
  readDashboard,
  watchedMetrics,
  watchedQueries,
} from '../../support/deploy/watching.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

/** Metrics that only processes of a cluster expose. test/services/cluster/compose.test.ts checks them. */
const clusterMetrics = [
  'watmeter_clock_offset_seconds',
  'watmeter_consumer_lag_events',
  'watmeter_consumer_partitions',
];
const directory = createTemporaryDirectory('watching');
let app: AppProcess;

beforeAll(async () => {
  app = await startAppProcess({ dataDir: directory.path });
});

afterAll(async () => {
  await app?.stop();
  directory.remove();
});

describe('the monitoring configuration', () => {
  it('queries only metrics that watmeter exposes', async () => {
    const { text } = await call(app.url, 'GET', '/metrics');
    const exposed = exposedMetrics(text);
    expect(watchedMetrics().filter((name) => !exposed.includes(name))).toEqual(clusterMetrics);
    expect(text).toMatch(/^watmeter_ready 1$/m);
    expect(text).toMatch(/^watmeter_part_trouble\{part="journal"\} 0$/m);
  });

  it('uses only values of the label `outcome` that exist', () => {
    const outcomes = watchedQueries().flatMap((query) => [...query.matchAll(/outcome!?='(\w+)'/g)]);
    for (const [, outcome = ''] of outcomes) expect(['accepted', ...Object.keys(errors)]).toContain(outcome);
  });

  it('uses the provisioned data source in every dashboard panel', () => {
    const provisioned = readYaml('dashboards/grafana/provisioning/datasources/prometheus.yml');
    expect(provisioned).toMatchObject({ datasources: [{ uid: 'watmeter', url: 'http://prometheus:9090' }] });
    for (const { datasource, title } of readDashboard().panels)
      expect(datasource.uid, title).toBe('watmeter');
  });

  it('has a section in docs/how-to/alerts.md for each alert', () => {
    const docs = readProjectFile('docs/how-to/alerts.md');
    for (const { alert, annotations } of readAlerts()) {
      expect(annotations.runbook).toBe(`docs/how-to/alerts.md#${alert.toLowerCase()}`);
      expect(docs).toMatch(new RegExp(`^### ${alert}$`, 'm'));
    }
  });

  it('has an entry in docs/reference/metrics.md for each watmeter metric', async () => {
    const docs = readProjectFile('docs/reference/metrics.md');
    const { text } = await call(app.url, 'GET', '/metrics');
    const watmeterMetrics = [...exposedMetrics(text), ...clusterMetrics].filter((name) =>
      name.startsWith('watmeter_'),
    );
    for (const name of watmeterMetrics) expect(docs).toContain(`\`${name}`);
  });

  it('scrapes the services of docker-compose.yml', () => {
    const text = readProjectFile('dashboards/prometheus/prometheus.yml');
    const jobs = ['gateway-1:8080', 'gateway-2:8080', 'api:8080', '"consumer"'];
    for (const job of jobs) expect(text).toContain(job);
  });
});
