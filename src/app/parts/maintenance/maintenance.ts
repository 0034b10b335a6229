import type { RegisterRoutes } from '../../../platform/http/routes/register-routes.ts';
import type { Component } from '../../../platform/lifecycle.ts';
import type { Config } from '../../config.ts';
import { createRetentionPart, type RetentionPartDeps } from './retention.ts';
import { createViewersPart, type ViewersConfig, type ViewersDeps } from './viewers.ts';

export interface MaintenancePart {
  readonly routes: readonly RegisterRoutes[];
  readonly components: readonly Component[];
}

/** Creates the tasks that rewrite or drop stored sessions (forgetting viewers, retention), and their routes. */
export async function createMaintenancePart(
  config: ViewersConfig & Pick<Config, 'eventRetention' | 'queryTimeout'>,
  deps: ViewersDeps & RetentionPartDeps,
): Promise<MaintenancePart> {
  const viewers = await createViewersPart(config, deps);
  const retention = createRetentionPart(config, deps);
  return {
    routes: [viewers.routes, retention.routes],
    components: [viewers.component, ...retention.components],
  };
}
