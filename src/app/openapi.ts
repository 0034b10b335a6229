/** Tags of the routes that every process has. */
export const appTags = {
  health: 'Health and metrics, in every role.',
  description: 'The OpenAPI document.',
};

export const appSecuritySchemes = {
  metricsToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The value of the setting METRICS_TOKEN.',
  },
};
