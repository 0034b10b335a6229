import { defineExamples } from '../../platform/http/openapi/example-values.ts';

/** Example values for requests and responses in this domain. */
export const accessExamples = defineExamples({
  apiTokenId: {
    value: '3d9a41c07be852f6',
    description: 'The id of an API token',
  },
  apiToken: {
    value: 'wmt_3d9a41c07be852f6_SECRET-OF-THE-API-TOKEN',
    description: 'A generated API token',
  },
});
