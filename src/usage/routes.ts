import type { RegisterRoutes } from '../platform/http/routes/register-routes.ts';
import { type AdmissionDeps, admitQueries } from './admission/admission.ts';
import { registerDormantRoute } from './endpoints/dormant-route.ts';
import type { EndpointDeps } from './endpoints/endpoint.ts';
import { registerExplainRoute } from './endpoints/explain-route.ts';
import { registerHeatmapRoute } from './endpoints/heatmap-route.ts';
import { registerListRoutes } from './endpoints/list-routes.ts';
import { type LiveEndpointDeps, registerLiveRoute } from './endpoints/live-route.ts';
import { registerSeriesRoute } from './endpoints/series-route.ts';
import { registerSessionsRoute } from './endpoints/sessions-route.ts';
import {
  type ConfigurationRouteDeps,
  registerConfigurationRoute,
  registerSummaryRoute,
  registerTagRoute,
} from './endpoints/summary-routes.ts';
import { registerTimeZonesRoute } from './endpoints/time-zones-route.ts';
import type { ExplainDeps } from './explain/explain.ts';

/** Dependencies of the usage routes, and of the queue in which their queries wait. */
export type UsageRoutesDeps = ExplainDeps &
  AdmissionDeps &
  Omit<EndpointDeps & ConfigurationRouteDeps & LiveEndpointDeps, 'answers'>;

/**
 * Creates the usage routes: sessions by configuration and tag, in any time zone (docs/reference/http-api.md,
 * Usage). The OpenAPI document lists them in this order.
 */
export function createUsageRoutes(given: UsageRoutesDeps): RegisterRoutes {
  const deps = { ...given, answers: given };
  return (server) => {
    admitQueries(server, given);
    registerSummaryRoute(server, deps);
    registerListRoutes(server, deps);
    registerTagRoute(server, deps);
    registerConfigurationRoute(server, deps);
    registerSeriesRoute(server, deps);
    registerHeatmapRoute(server, deps);
    registerSessionsRoute(server, deps);
    registerDormantRoute(server, deps);
    registerExplainRoute(server, deps);
    registerLiveRoute(server, deps);
    registerTimeZonesRoute(server, deps);
  };
}
