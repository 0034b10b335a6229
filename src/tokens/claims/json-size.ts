/** Names of the claims in `grants`. Outside `grants` they have no effect. */
export const grantNames = ['prm', 'res', 'flt', 'acl'] as const;

export const maxGrantsChars = 81_200;
/** Maximum length of the passthrough claims as JSON text, without `prm`, `res`, `flt` and `acl`. */
export const maxOtherChars = 16_384;

export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns whether a JSON value is an object, and not null or an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the total UTF-16 length of the JSON texts of `prm`, `res`, `flt` and `acl` (docs/reference/claims.md). */
export function grantsChars(grants: JsonObject): number {
  return grantNames.reduce((sum, name) => sum + (JSON.stringify(grants[name])?.length ?? 0), 0);
}

/**
 * Returns whether a JSON value is nested deeper than `maxDepth`. The code is a loop, because recursion could overflow
 * the stack.
 */
export function isDeeperThan(value: unknown, maxDepth: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const containers = level.filter((item) => typeof item === 'object' && item !== null) as object[];
    if (depth >= maxDepth && containers.length > 0) return true;
    level = containers.flatMap((container) => Object.values(container));
  }
  return false;
}
