import { grantNames, isObject, type JsonObject } from '../claims/json-size.ts';
import { isTooFarAhead, maxPlausibleS } from '../revocation/revocation-rules.ts';
import type { Finding, Severity } from './findings.ts';

/**
 * Returns the findings of the `logic` level: claims that contradict each other or the current time. The payload may
 * have structural errors. Values of the wrong type are skipped, so that one validation reports the errors of all
 * levels. Pure.
 */
export function findLogicFaults(payload: unknown, nowMs: number): Finding[] {
  if (!isObject(payload)) return [];
  const grants = isObject(payload['grants']) ? payload['grants'] : {};
  return [...timeFaults(payload, nowMs), ...misplacedGrants(payload), ...grantFaults(grants)];
}

/**
 * Returns an error if a token is not valid yet. Only a token test reports this error, because such a token may be
 * created.
 */
export function findNotYetValid(payload: unknown, nowMs: number): Finding[] {
  const nbf = isObject(payload) ? payload['nbf'] : undefined;
  return typeof nbf === 'number' && nowMs / 1000 < nbf
    ? [
        error(
          '/nbf',
          'is in the future: the token is not valid yet',
          'Wait until the instant of `nbf`, or create a token with an earlier `nbf`.',
        ),
      ]
    : [];
}

function finding(severity: Severity, path: string, message: string, fix: string): Finding {
  return { level: 'logic', path, severity, message, fix };
}
const error = finding.bind(undefined, 'error');
const warning = finding.bind(undefined, 'warning');

function timeFaults(payload: JsonObject, nowMs: number): Finding[] {
  const nowS = nowMs / 1000;
  const { exp, nbf, iat } = payload;
  const findings: Finding[] = [];
  if (typeof exp === 'number' && nowS >= exp)
    findings.push(
      error('/exp', 'is in the past: the token has expired', 'Create a token with an `exp` in the future.'),
    );
  if (typeof exp === 'number' && typeof nbf === 'number' && nbf >= exp)
    findings.push(
      error('/nbf', 'is not before `exp`: the token is never valid', 'Set `nbf` to an instant before `exp`.'),
    );
  if (typeof iat === 'number' && isTooFarAhead(iat, nowMs) && iat <= maxPlausibleS)
    findings.push(
      error(
        '/iat',
        'is more than 60 seconds in the future: after a revocation, the token counts as one without `iat`',
        'Set it to the current time, and check the clock of the issuer.',
      ),
    );
  for (const name of ['exp', 'nbf', 'iat'] as const) {
    const seconds = payload[name];
    // The type is checked first, because converting an object to a number would call its `valueOf` member, which a
    // caller may have set.
    if (typeof seconds === 'number' && seconds > maxPlausibleS)
      findings.push(error(`/${name}`, 'looks like milliseconds', 'Use seconds: divide it by 1000.'));
  }
  return findings;
}

function misplacedGrants(payload: JsonObject): Finding[] {
  return grantNames
    .filter((name) => payload[name] !== undefined)
    .map((name) => warning(`/${name}`, 'is ignored outside `grants`', `Move it to /grants/${name}.`));
}

function grantFaults({ res, flt, acl }: JsonObject): Finding[] {
  return [
    ...(Array.isArray(res) ? repeatedResources(res) : []),
    ...(Array.isArray(acl) ? aclFaults(acl, Array.isArray(flt) ? flt : []) : []),
  ];
}

function repeatedResources(res: readonly unknown[]): Finding[] {
  const seen = new Set<unknown>();
  return res.flatMap((resource, index) => {
    const isRepeated = seen.has(resource);
    seen.add(resource);
    return isRepeated
      ? [warning(`/grants/res/${index}`, 'is in the list twice', 'List each resource once.')]
      : [];
  });
}

function aclFaults(acl: readonly unknown[], flt: readonly unknown[]): Finding[] {
  if (acl.length === 0) {
    const fix = 'Omit `acl` to inherit the data security of the subject, or list the rules.';
    return [warning('/grants/acl', 'is empty: the token has no data security', fix)];
  }
  const entries = acl.map((entry) => (isObject(entry) ? entry : {}));
  return [
    ...entries.flatMap((entry, index) => entryFaults(entry, `/grants/acl/${index}`)),
    ...leftOutByFilters(aclSources(acl), flt),
  ];
}

function entryFaults({ members, exclusionary, allMembers }: JsonObject, path: string): Finding[] {
  const listed = Array.isArray(members) ? members.length : 0;
  if (allMembers === true && listed > 0)
    return [warning(path, 'has both `members` and `allMembers`', 'Remove `members` or `allMembers`.')];
  if (allMembers !== true && listed === 0) {
    return exclusionary === true
      ? [warning(path, 'excludes no value: all values are visible', 'List the `members` to exclude.')]
      : [warning(path, 'allows no value: no data is visible', 'List `members`, or set `allMembers`.')];
  }
  return [];
}

/** Returns the titles of the data sources that `acl` restricts. */
export function aclSources(acl: readonly unknown[]): ReadonlySet<string> {
  const titles = acl.map((entry) => (isObject(entry) ? entry['dataSourceTitle'] : undefined));
  return new Set(titles.filter((title) => typeof title === 'string'));
}

function leftOutByFilters(sources: ReadonlySet<string>, flt: readonly unknown[]): Finding[] {
  return flt.flatMap((filter, index) => {
    const source = sourceOf(filter);
    return source === undefined || sources.has(source) ? [] : [sourceLeftOut(`/grants/flt/${index}`)];
  });
}

/** Returns the warning that `acl` restricts some data sources, but not the data source at this path. */
export function sourceLeftOut(path: string, level: Finding['level'] = 'logic'): Finding {
  const fix = 'Add a rule for this data source to `acl`, or omit `acl`.';
  return { ...warning(path, 'uses a data source that `acl` does not restrict', fix), level };
}

/** Returns the data source of a filter: `datasource` (text, or an object with `title`) in the filter or in its JAQL. */
function sourceOf(filter: unknown): string | undefined {
  if (!isObject(filter)) return undefined;
  const jaql = isObject(filter['jaql']) ? filter['jaql'] : {};
  for (const source of [filter['datasource'], jaql['datasource']]) {
    const title = isObject(source) ? source['title'] : source;
    if (typeof title === 'string') return title;
  }
  return undefined;
}
