/** The tags of the routes that every process has. */
export const appTags = {
  health: 'For probes and scrapers, in every role.',
  description: 'What there is.',
};

export const appSecuritySchemes = {
  metricsToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The setting METRICS_TOKEN.',
  },
};
