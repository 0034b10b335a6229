import { api, call } from '../../../api/client.ts';
import { useQuery } from '../../../data/use-query.ts';
import { compareOf, filterOf, granularityOf, rangeOf } from '../state/parameters.ts';
import type { UsageState } from '../state/state.ts';

/** Returns last used, today and total of the filter. */
export function useSummary(state: UsageState) {
  const query = filterOf(state);
  return useQuery(
    JSON.stringify(query),
    (signal) => call(api.GET('/api/v1/usage/summary', { params: { query }, signal }), signal),
    { liveMs: 900 },
  );
}

/** Returns the sessions of the range by time, and of the comparison period. */
export function useSeries(state: UsageState) {
  const query = seriesQuery(state);
  return useQuery(
    JSON.stringify(query),
    (signal) => call(api.GET('/api/v1/usage/series', { params: { query }, signal }), signal),
    { liveMs: 1900 },
  );
}

/** Returns the parameters of the graph's request. */
export function seriesQuery(state: UsageState) {
  return { ...filterOf(state), ...rangeOf(state), ...compareOf(state), granularity: granularityOf(state) };
}

/** Returns the sessions by weekday and hour. */
export function useHeatMap(state: UsageState) {
  const query = heatMapQuery(state);
  return useQuery(
    JSON.stringify(query),
    (signal) => call(api.GET('/api/v1/usage/heatmap', { params: { query }, signal }), signal),
    { liveMs: 14_000 },
  );
}

/** Returns the parameters of the heat map's request. */
export function heatMapQuery(state: UsageState) {
  return { ...filterOf(state), ...rangeOf(state) };
}

export type SummaryData = NonNullable<ReturnType<typeof useSummary>['data']['value']>;
export type SeriesData = NonNullable<ReturnType<typeof useSeries>['data']['value']>;
export type HeatMapData = NonNullable<ReturnType<typeof useHeatMap>['data']['value']>;
