import { auditedActions } from './declared.ts';

/** Returns the name of a route in the audit log. Without a declared name, it is method and path. */
export function actionOf(method: string, route: string): string {
  const key = `${method} ${route}`;
  return auditedActions[key] ?? key;
}
