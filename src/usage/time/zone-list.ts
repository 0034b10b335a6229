import { setImmediate } from 'node:timers/promises';
import { formatInstant } from './time-windows.ts';
import { zoneLinks, zonesOfCountries } from './zone-data.ts';
import { parseZone } from './zones.ts';

/** A time zone that requests can use. */
export interface ListedZone {
  readonly name: string;
  /** Other names that requests can use. */
  readonly aliases: string[];
  /** Current UTC offset, such as `+05:45`. */
  readonly offset: string;
  /** ISO 3166 codes of the countries in which the zone is used. */
  readonly countries: string[];
}

/** Number of zones that are read before other work can run. The first read of a zone takes about 1 ms. */
const zonesAtOnce = 16;

/**
 * Returns all time zones of the runtime with their IANA names, sorted by name, and with their UTC offsets at an
 * instant. Other work of the process can run in between.
 */
export async function listZones(nowMs: number): Promise<ListedZone[]> {
  const aliases = readTable(zoneLinks);
  const targets = invert(aliases);
  const countries = invert(readTable(zonesOfCountries));
  const names = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...countries.keys()].map(preferred));
  const listed: ListedZone[] = [];
  for (const [index, name] of [...names].sort().entries()) {
    if (index % zonesAtOnce === 0) await setImmediate();
    const zone = parseZone(name);
    if (zone === undefined) continue;
    listed.push({
      name: zone.name,
      aliases: (aliases.get(name) ?? []).filter((alias) => parseZone(alias) !== undefined),
      offset: formatInstant(nowMs, zone).slice(-6),
      countries: countries.get(name) ?? [],
    });
  }
  return listed;

  /**
   * Returns the preferred name of a zone. If a country uses the name, it is preferred. Any other alternative name is
   * replaced by the name to which it links.
   */
  function preferred(name: string): string {
    if (name === 'UTC' || countries.has(name)) return name;
    return targets.get(name)?.[0] ?? name;
  }
}

function readTable(text: string): Map<string, string[]> {
  const entries = text.trim().split(/\s+/);
  return new Map(
    entries.map((entry) => {
      const [name = '', values = ''] = entry.split('=');
      return [name, values.split(',')];
    }),
  );
}

function invert(table: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const inverted = new Map<string, string[]>();
  for (const [name, values] of table)
    for (const value of values) inverted.set(value, [...(inverted.get(value) ?? []), name]);
  return inverted;
}
