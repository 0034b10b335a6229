import { defineExamples } from '../../platform/http/openapi/example-values.ts';

/** Example values for requests and responses in this domain. */
export const gatewayExamples = defineExamples({
  linkCode: {
    value: 'q3Zx0m8Vd1sYc5Rj2kTf7wLb9uNh4aGp6eKiXoQvWzE',
    description: 'The `wat_code` of a link that was opened less than 60 seconds ago, with LINK_HANDOFF=code',
  },
});
