import { readProjectFile, readYaml } from './compose.ts';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

export function readAlerts(): readonly Alert[] {
  const file = readYaml('dashboards/prometheus/alerts.yml') as {
    groups: readonly { rules: readonly Alert[] }[];
  };
  return file.groups.flatMap(({ rules }) => rules);
}

export function readDashboard(): Dashboard {
  return JSON.parse(readProjectFile('dashboards/grafana/dashboards/watmeter.json')) as Dashboard;
}

/** Returns every query in the alerts and the dashboard. */
export function watchedQueries(): string[] {
  const panels = readDashboard().panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  return [...readAlerts().map(({ expr }) => expr), ...panels];
}

/** Returns the names of the watmeter and process metrics in these queries, without the `_bucket` suffix. */
export function watchedMetrics(): string[] {
  const names = watchedQueries().flatMap((query) => query.match(/\b(watmeter|process|nodejs)_\w+/g) ?? []);
  return [...new Set(names.map((name) => name.replace(/_bucket$/, '')))].sort();
}

/** Returns the metric names in a response of /metrics. */
export function exposedMetrics(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '');
}
