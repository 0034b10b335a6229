/** Maps each changing route (method and path) to its action in the audit log. */
export const completenessActions = {
  'POST /api/v1/gateways/retire': 'gateway.retire',
};
