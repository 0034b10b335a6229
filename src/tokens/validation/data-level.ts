import { isObject } from '../claims/json-size.ts';
import { type DirectoryAnswer, isUnchecked, type Unchecked } from '../directory/directory.ts';
import type { Finding, Severity } from './findings.ts';
import { aclSources, sourceLeftOut } from './logic.ts';

/**
 * Returns the viewer and the resources of a payload, for a directory look-up. Returns undefined if the payload has no
 * viewer.
 */
export function questionOf(payload: unknown): { subject: string; resources: string[] } | undefined {
  if (!isObject(payload) || typeof payload['sub'] !== 'string') return undefined;
  const grants = isObject(payload['grants']) ? payload['grants'] : {};
  const res: unknown[] = Array.isArray(grants['res']) ? grants['res'] : [];
  return {
    subject: payload['sub'],
    resources: [...new Set(res.filter((resource) => typeof resource === 'string'))],
  };
}

/** Returns the findings of the `data` level, based on the result of a directory look-up. Pure. */
export function findDataFaults(payload: unknown, { subject, resources }: DirectoryAnswer): Finding[] {
  const grants = isObject(payload) && isObject(payload['grants']) ? payload['grants'] : {};
  const res: unknown[] = Array.isArray(grants['res']) ? grants['res'] : [];
  const findings: Finding[] = [];
  if (isUnchecked(subject)) findings.push(notChecked('/sub', subject));
  if (subject === 'unknown')
    findings.push(
      finding('error', '/sub', 'is not in the directory', 'Register the viewer, or correct `sub`.'),
    );
  if (res.length === 0) return findings;
  if (isUnchecked(resources)) return [...findings, notChecked('/grants/res', resources)];
  const sources =
    Array.isArray(grants['acl']) && grants['acl'].length > 0 ? aclSources(grants['acl']) : undefined;
  return [
    ...findings,
    ...res.flatMap((id, index) => resourceFaults(`/grants/res/${index}`, id, resources, sources)),
    ...unusedSources(grants['acl'], res, resources),
  ];
}

/** Returns a warning for each `acl` rule whose data source no resource uses, if all resources are known. */
function unusedSources(
  acl: unknown,
  res: readonly unknown[],
  resources: ReadonlyMap<string, readonly string[]>,
): Finding[] {
  const usedSources = res.map((id) => (typeof id === 'string' ? resources.get(id) : undefined));
  if (!Array.isArray(acl) || usedSources.includes(undefined)) return [];
  const used = new Set(usedSources.flat());
  return acl.flatMap((rule, index) => {
    const source = isObject(rule) ? rule['dataSourceTitle'] : undefined;
    if (typeof source !== 'string' || used.has(source)) return [];
    const fix = 'Correct `dataSourceTitle`, or remove the rule.';
    return [
      finding(
        'warning',
        `/grants/acl/${index}`,
        'restricts a data source that no resource in `res` uses',
        fix,
      ),
    ];
  });
}

function resourceFaults(
  path: string,
  id: unknown,
  resources: ReadonlyMap<string, readonly string[]>,
  sources: ReadonlySet<unknown> | undefined,
): Finding[] {
  // An id that is not a text is unknown. It must not be converted to text, because that would call its `toString`
  // member, which a caller may have set.
  const dataSources = typeof id === 'string' ? resources.get(id) : undefined;
  if (dataSources === undefined) {
    const fix = 'Register the resource, or remove it from the list.';
    return [finding('error', path, 'is not in the directory', fix)];
  }
  const isLeftOut = sources !== undefined && dataSources.some((source) => !sources.has(source));
  return isLeftOut ? [sourceLeftOut(path, 'data')] : [];
}

function finding(severity: Severity, path: string, message: string, fix: string): Finding {
  return { level: 'data', path, severity, message, fix };
}

function notChecked(path: string, { unchecked, fix }: Unchecked): Finding {
  return finding('info', path, `was not checked: ${unchecked}`, fix);
}
