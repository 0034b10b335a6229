import { isObject, type JsonObject } from './json-size.ts';

/**
 * Returns a payload without the claims that are null, because null means absent everywhere: in the payload, in
 * `grants`, in the rules of `acl`, in filters and in `prm`. The content of a filter's JAQL stays unchanged. Pure.
 */
export function withoutNullClaims(payload: unknown): unknown {
  if (!isObject(payload)) return payload;
  const { grants } = payload;
  return withoutNulls(isObject(grants) ? { ...payload, grants: withoutNullGrants(grants) } : payload);
}

/** Returns grants without members that are null, and the same object if there are none at the first level. */
export function withoutNullMembers(grants: JsonObject): JsonObject {
  return Object.values(grants).includes(null) ? withoutNulls(grants) : grants;
}

function withoutNullGrants(grants: JsonObject): JsonObject {
  const { flt, acl, prm } = grants;
  return withoutNulls({
    ...grants,
    ...(Array.isArray(flt) && { flt: flt.map(withoutNulls) }),
    ...(Array.isArray(acl) && { acl: acl.map(withoutNulls) }),
    ...(isObject(prm) && { prm: withoutNulls(prm) }),
  });
}

function withoutNulls<T>(value: T): T {
  if (!isObject(value)) return value;
  // `fromEntries` creates own members, also for a member with the name `__proto__`.
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null)) as T;
}
