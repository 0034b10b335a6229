/** Maps each changing route (method and path) to its action in the audit log. */
export const usageActions = {
  'POST /api/v1/usage/viewers/forget': 'viewer.forget',
};
