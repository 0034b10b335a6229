/** A time zone that the runtime knows, identified by its IANA name. Only {@link parseZone} creates it. */
export interface Zone {
  readonly name: string;
}

const maxNameLength = 64;
const ianaShape = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/**
 * ICU names that do not exist in IANA and mislead (BST is Bangladesh, IST India): the names that ECMAScript's
 * Temporal rejects, and ICU's frozen SystemV rules.
 */
const icuOnly =
  /^(systemv\/.*|(ac|ae|ag|ar|as|be|bs|ca|cn|cs|ct|ea|ec|ie|is|js|mi|ne|ns|pl|pn|pr|ps|ss|vs)t)$/;

/** Words in zone names that are not written with exactly one capital first letter (IANA, backward links). */
const irregularWords = new Map(
  (
    'ACT BajaNorte BajaSur CDT CET CHAT ComodRivadavia CST DeNoronha DumontDUrville EasterIsland EDT EET EST ' +
    'GB GMT HST IN LHI McMurdo MDT MET MST NSW NZ PDT PRC PST ROC ROK SU UCT US UTC WET'
  )
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
);

/**
 * Maximum number of cached zones. There are few names, but many spellings of a name; the key is the
 * lower-case name.
 */
const maxKept = 1024;
const kept = new Map<string, Zone>();

/**
 * Returns the zone with an IANA name, in any letter case. Returns undefined for names that this runtime does
 * not know and for texts that are not IANA names: `local`, `system`, offsets such as `+02:00` and `UTC+2`,
 * ICU's abbreviations. The zone has the name in IANA's letter case and never another name of the same zone:
 * `Asia/Kolkata` stays `Asia/Kolkata`, although some runtimes call it `Asia/Calcutta`. All spellings of a
 * name share one object. Never throws.
 */
export function parseZone(name: string): Zone | undefined {
  if (name.length > maxNameLength || !ianaShape.test(name)) return undefined;
  const key = name.toLowerCase();
  const known = kept.get(key);
  if (known !== undefined) return known;

  const runtimeName = icuOnly.test(key) ? undefined : nameInRuntime(key);
  if (runtimeName === undefined) return undefined;
  const zone = Object.freeze({ name: runtimeName.toLowerCase() === key ? runtimeName : inIanaCase(key) });
  if (kept.size < maxKept) kept.set(key, zone);
  return zone;
}

/**
 * Returns the runtime's name for the zone: the name itself, or the name that it links to in the runtime's
 * data.
 */
function nameInRuntime(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function inIanaCase(lowerCaseName: string): string {
  return lowerCaseName.replace(
    /[a-z]+/g,
    (word) => irregularWords.get(word) ?? word.charAt(0).toUpperCase() + word.slice(1),
  );
}
