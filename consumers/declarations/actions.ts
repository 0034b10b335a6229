/** Maps each changing route (method and path) to its action in the audit log. */
export const consumerActions = {
  'POST /api/v1/usage/imports/:digest': 'usage.import',
};
