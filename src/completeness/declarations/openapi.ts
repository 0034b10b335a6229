/** Tags in the OpenAPI document, with their descriptions. */
export const completenessTags = {
  gateways: 'Gateways of a cluster, and how far their sessions are stored.',
};
