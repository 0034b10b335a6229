/** A time zone that the runtime knows, by its IANA name. Only {@link parseZone} makes one. */
export interface Zone {
  readonly name: string;
}

const maxNameLength = 64;
const ianaShape = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/**
 * Names of ICU that IANA does not have and that mislead (BST is Bangladesh, IST India): the same ones that
 * ECMAScript's Temporal refuses, and ICU's frozen SystemV rules.
 */
const icuOnly =
  /^(systemv\/.*|(ac|ae|ag|ar|as|be|bs|ca|cn|cs|ct|ea|ec|ie|is|js|mi|ne|ns|pl|pn|pr|ps|ss|vs)t)$/;

/** Words of zone names that are spelled otherwise than with one capital first (IANA, backward links). */
const irregularWords = new Map(
  (
    'ACT BajaNorte BajaSur CDT CET CHAT ComodRivadavia CST DeNoronha DumontDUrville EasterIsland EDT EET EST ' +
    'GB GMT HST IN LHI McMurdo MDT MET MST NSW NZ PDT PRC PST ROC ROK SU UCT US UTC WET'
  )
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
);

/** Names are few, spellings of one are many: kept by lower-case name, and never more than this. */
const maxKept = 1024;
const kept = new Map<string, Zone>();

/**
 * The zone of an IANA name, in any letter case; undefined for what this runtime does not know and for what is
 * no IANA name: `local`, `system`, offsets such as `+02:00` and `UTC+2`, ICU's abbreviations. The answer has
 * the name in IANA's letter case and never another name of the same zone: `Asia/Kolkata` stays so, though
 * some runtimes call it `Asia/Calcutta`. All spellings of a name share one object. Never throws.
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

/** What the runtime calls the zone: the name itself, or the one that it is a link to in the runtime's data. */
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
