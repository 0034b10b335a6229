const MOST = 50;

/** A time zone of the server. */
export interface Zone {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly offset: string;
  readonly countries: readonly string[];
}

export interface FoundZone {
  readonly zone: Zone;
  /** The old or other name that matched, if the name itself did not. */
  readonly alias?: string;
}

/**
 * Finds time zones by a part of their name or of an alias, by country code, or by offset. An empty text gives the
 * `favourites` first.
 */
export function findZones(zones: readonly Zone[], text: string, favourites: readonly string[]): FoundZone[] {
  const wanted = normalize(text);
  if (wanted === '') {
    const first = favourites.flatMap((name) => zones.find((zone) => isNamed(zone, name)) ?? []);
    return [...new Set([...first, ...zones])].slice(0, MOST).map((zone) => ({ zone }));
  }
  return zones
    .flatMap((zone): (FoundZone & { rank: number })[] => {
      const match = matchOf(zone, wanted);
      return match ? [match] : [];
    })
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, MOST);
}

function matchOf(zone: Zone, wanted: string): (FoundZone & { rank: number }) | undefined {
  const rank = rankOf(zone.name, wanted);
  if (rank !== undefined) return { zone, rank };
  const alias = zone.aliases.find((name) => rankOf(name, wanted) !== undefined);
  if (alias !== undefined) return { zone, alias, rank: 2 };
  const isOther =
    zone.countries.some((code) => code.toLowerCase() === wanted) || normalize(zone.offset) === wanted;
  return isOther ? { zone, rank: 3 } : undefined;
}

/** Returns 0 if a part of the name begins with the text, 1 if the name contains it. */
function rankOf(name: string, wanted: string): number | undefined {
  const text = normalize(name);
  if (text.split('/').some((part) => part.startsWith(wanted)) || text.startsWith(wanted)) return 0;
  return text.includes(wanted) ? 1 : undefined;
}

function isNamed(zone: Zone, name: string): boolean {
  return zone.name === name || zone.aliases.includes(name);
}

function normalize(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(' ', '_')
    .replace(/^utc(?=[+-])/, '');
}
