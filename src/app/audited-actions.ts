import { auditedActions } from './declared.ts';

/**
 * Returns the name under which the audit log records a route. A route without a declared name is recorded as its
 * method and path.
 */
export function actionOf(method: string, route: string): string {
  const key = `${method} ${route}`;
  return auditedActions[key] ?? key;
}
