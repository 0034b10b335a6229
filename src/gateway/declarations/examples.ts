import { defineExamples } from '../../platform/http/openapi/example-values.ts';

/** What examples of requests and answers use of this domain. */
export const gatewayExamples = defineExamples({
  linkCode: {
    value: 'q3Zx0m8Vd1sYc5Rj2kTf7wLb9uNh4aGp6eKiXoQvWzE',
    description: 'wat_code of a link that was opened less than a minute ago, with LINK_HANDOFF=code',
  },
});
