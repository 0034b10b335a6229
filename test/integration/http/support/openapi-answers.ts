import { follow, type OperationCase, responseOf } from '../../../support/openapi/document.ts';
import type { Answer } from '../../../support/openapi/requests.ts';
import { faultsOf } from '../../../support/openapi/schemas.ts';

/** Compares a response with what the OpenAPI document describes for its status. Returns the differences. */
export function faultsIn(answer: Answer, { operation }: OperationCase): string[] {
  const { headers = {}, content = {} } = responseOf(operation, answer.status);
  const media = content[answer.type ?? ''];
  const missing = Object.entries(headers)
    .filter(([, { $ref }]) => (follow($ref) as { required?: boolean }).required)
    .map(([name]) => name)
    .filter((name) => !answer.headers.has(name));
  if (media === undefined)
    return answer.type === undefined && Object.keys(content).length === 0 ? missing : [`type ${answer.type}`];
  return [...missing, ...faultsOf(media.schema, answer.body)];
}
