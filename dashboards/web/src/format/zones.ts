const SHAPE = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

let names: readonly string[] | undefined;

/** Returns the names of all selectable time zones. Browsers omit UTC from their list, so it is added. */
export function zoneNames(): readonly string[] {
  names ??= [...new Set(['UTC', browserZone(), ...Intl.supportedValuesOf('timeZone')])];
  return names;
}

/** Returns the browser's time zone, or UTC if that is not an IANA name. */
export function browserZone(): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isZone(zone) ? zone : 'UTC';
}

/** Returns whether a name is an IANA time zone. The server rejects offsets such as "+05:30", which some browsers accept. */
export function isZone(name: string): boolean {
  if (!SHAPE.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds the time zone that a user typed: a name in any case, with spaces or underscores, or only its city.
 */
export function findZone(text: string): string | undefined {
  const wanted = text.trim().replaceAll(' ', '_');
  const lower = wanted.toLowerCase();
  const listed = zoneNames().find((name) => name.toLowerCase() === lower);
  if (listed) return listed;
  const cities = zoneNames().filter((name) => name.toLowerCase().endsWith(`/${lower}`));
  if (cities.length === 1) return cities[0];
  return isZone(wanted) ? wanted : undefined;
}
