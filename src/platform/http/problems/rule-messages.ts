import type { ErrorObject } from 'ajv';
import { ruleKeyword } from '../routes/rule-keyword.ts';

/**
 * Replaces the errors of schemas that state their rule in words. Each value gets a single error, whose message is the
 * rule. Other errors stay unchanged.
 */
export function withRuleMessages(schema: unknown, errors: readonly ErrorObject[]): ErrorObject[] {
  const reportedPaths = new Set<string>();
  return errors.flatMap((error) => {
    const rule = findRule(schema, error.schemaPath);
    if (rule === undefined) return [error];
    if (reportedPaths.has(error.instancePath)) return [];
    reportedPaths.add(error.instancePath);
    return [{ ...error, keyword: ruleKeyword, message: rule }];
  });
}

/**
 * Returns the rule of the outermost schema on the path that has a rule. A union, for example, states one rule for all
 * its members.
 */
function findRule(root: unknown, schemaPath: string): string | undefined {
  let schema = root;
  for (const step of schemaPath.split('/').slice(1)) {
    if (typeof schema !== 'object' || schema === null) return undefined;
    const members = schema as Readonly<Record<string, unknown>>;
    if (typeof members[ruleKeyword] === 'string') return members[ruleKeyword];
    schema = members[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return undefined;
}
