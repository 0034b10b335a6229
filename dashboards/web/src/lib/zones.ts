const SHAPE = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;
const ZONE_KEY = 'watmeter.timeZone';

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

/** Returns the first valid time zone of: the given one, the last used one, the browser's one. */
export function chooseZone(wanted: string | null): string {
  const candidates = [wanted, rememberedZone(), browserZone()];
  return candidates.find((zone) => zone !== null && isZone(zone)) ?? 'UTC';
}

function rememberedZone(): string | null {
  try {
    return localStorage.getItem(ZONE_KEY);
  } catch {
    return null; // The browser blocks the storage. Then the zone comes from the URL or the browser.
  }
}

/** Stores the time zone for the next visit. */
export function rememberZone(timeZone: string): void {
  try {
    localStorage.setItem(ZONE_KEY, timeZone);
  } catch {
    // The storage is blocked or full. Then only the URL keeps the time zone.
  }
}
