import { defineExamples } from '../../platform/http/openapi/example-values.ts';

/** The values of this domain in examples of requests and answers. */
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
