import { isObject } from '../claims/json-size.ts';
import { type DirectoryAnswer, isUnchecked, type Unchecked } from '../directory/directory.ts';
import type { Finding, Severity } from './findings.ts';
import { aclSources, sourceLeftOut } from './logic.ts';

/** What of a payload a directory is asked for; undefined where its structure does not allow to ask. */
export function questionOf(payload: unknown): { subject: string; resources: string[] } | undefined {
  if (!isObject(payload) || typeof payload['sub'] !== 'string') return undefined;
  const grants = isObject(payload['grants']) ? payload['grants'] : {};
  const res: unknown[] = Array.isArray(grants['res']) ? grants['res'] : [];
  return { subject: payload['sub'], resources: [...new Set(res.filter((one) => typeof one === 'string'))] };
}

/** The data level: what a directory's answer says of a payload. Pure. */
export function findDataFaults(payload: unknown, { subject, resources }: DirectoryAnswer): Finding[] {
  const grants = isObject(payload) && isObject(payload['grants']) ? payload['grants'] : {};
  const res: unknown[] = Array.isArray(grants['res']) ? grants['res'] : [];
  const found: Finding[] = [];
  if (isUnchecked(subject)) found.push(notChecked('/sub', subject));
  if (subject === 'unknown')
    found.push(finding('error', '/sub', 'is not in the directory', 'Register the viewer, or correct `sub`.'));
  if (res.length === 0) return found;
  if (isUnchecked(resources)) return [...found, notChecked('/grants/res', resources)];
  const sources =
    Array.isArray(grants['acl']) && grants['acl'].length > 0 ? aclSources(grants['acl']) : undefined;
  for (const [index, one] of res.entries()) {
    const path = `/grants/res/${index}`;
    const shown = resources.get(String(one));
    if (shown === undefined)
      found.push(
        finding('error', path, 'is not in the directory', 'Register the resource, or take it off the list.'),
      );
    else if (sources !== undefined && shown.some((source) => !sources.has(source)))
      found.push(sourceLeftOut(path, 'data'));
  }
  return found;
}

function finding(severity: Severity, path: string, message: string, fix: string): Finding {
  return { level: 'data', path, severity, message, fix };
}

function notChecked(path: string, { unchecked, fix }: Unchecked): Finding {
  return finding('info', path, `was not checked: ${unchecked}`, fix);
}
