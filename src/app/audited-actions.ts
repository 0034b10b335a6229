import { auditedActions } from './declared.ts';

/** Returns what the audit log calls a route. A route without a name has its own: the log names every change. */
export function actionOf(method: string, route: string): string {
  const key = `${method} ${route}`;
  return auditedActions[key] ?? key;
}
