/** A time zone that the runtime knows. Its IANA name identifies it. Only {@link parseZone} creates zones. */
export interface Zone {
  readonly name: string;
}

const maxNameLength = 64;
const ianaShape = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/**
 * Matches names that ICU knows but IANA does not. They are misleading (BST is Bangladesh, IST is India). The list
 * contains the names that ECMAScript's Temporal rejects, and ICU's old SystemV rules.
 */
const icuOnly =
  /^(systemv\/.*|(ac|ae|ag|ar|as|be|bs|ca|cn|cs|ct|ea|ec|ie|is|js|mi|ne|ns|pl|pn|pr|ps|ss|vs)t)$/;

/**
 * Words with more than one capital letter in the zone names that IANA keeps as links (its file `backward`), such as
 * `McMurdo`. `inIanaCase` capitalises the first letter of all other words.
 */
const irregularWords = new Map(
  (
    'ACT BajaNorte BajaSur CDT CET CHAT ComodRivadavia CST DeNoronha DumontDUrville EasterIsland EDT EET EST ' +
    'GB GMT HST IN LHI McMurdo MDT MET MST NSW NZ PDT PRC PST ROC ROK SU UCT US UTC WET'
  )
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
);

/** Maximum number of cached zones. The key is the name in lower case, because a name has many spellings. */
const maxKept = 1024;
const kept = new Map<string, Zone>();

/**
 * Returns the zone with an IANA name, in any letter case. Returns undefined for a name that this runtime does not
 * know, and for texts that are not IANA names: `local`, `system`, offsets such as `+02:00` and `UTC+2`, and
 * abbreviations of ICU. The zone keeps the given name in IANA's letter case, even if the runtime has another name for
 * the zone: `Asia/Kolkata` stays `Asia/Kolkata`, although some runtimes call it `Asia/Calcutta`. All spellings of a
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
 * Returns the runtime's name of a zone: the given name, or the name to which it links in the runtime's data. Returns
 * undefined for an unknown name.
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
