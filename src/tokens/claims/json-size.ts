/** The claims that count only inside `grants`. */
export const grantNames = ['prm', 'res', 'flt', 'acl'] as const;

export const maxGrantsChars = 81_200;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The sum over `prm`, `res`, `flt` and `acl` of the UTF-16 length of their JSON text (docs/claims.md). */
export function grantsChars(grants: JsonObject): number {
  return grantNames.reduce((sum, name) => sum + (JSON.stringify(grants[name])?.length ?? 0), 0);
}

/** Whether a JSON value nests deeper than `maxDepth`. A loop: the stack must not decide it. */
export function isDeeperThan(value: unknown, maxDepth: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const inner = level.filter((one) => typeof one === 'object' && one !== null) as object[];
    if (depth >= maxDepth && inner.length > 0) return true;
    level = inner.flatMap((one) => Object.values(one));
  }
  return false;
}
