const SHAPE = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

let names: readonly string[] | undefined;

/** Every zone to offer. Browsers leave UTC out of their list. */
export function zoneNames(): readonly string[] {
  names ??= [...new Set(['UTC', browserZone(), ...Intl.supportedValuesOf('timeZone')])];
  return names;
}

export function browserZone(): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isZone(zone) ? zone : 'UTC';
}

/** Names only: the server refuses fixed offsets such as "+05:30", which some browsers take for a zone. */
export function isZone(name: string): boolean {
  if (!SHAPE.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What a person types for a zone: its name in any case, with spaces, or only the city of it. */
export function findZone(text: string): string | undefined {
  const wanted = text.trim().replaceAll(' ', '_');
  const lower = wanted.toLowerCase();
  const known = zoneNames().find((name) => name.toLowerCase() === lower);
  if (known) return known;
  const cities = zoneNames().filter((name) => name.toLowerCase().endsWith(`/${lower}`));
  if (cities.length === 1) return cities[0];
  return isZone(wanted) ? wanted : undefined;
}
