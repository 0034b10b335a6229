/** Audit log names of the consumer's routes that change data. */
export const consumerActions = {
  'POST /api/v1/usage/imports/:digest': 'usage.import',
};
