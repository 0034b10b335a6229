/** What tests have made that nobody but its owner may read, and where it is looked for. */

interface Watch {
  /** Needle to the name of the secret that it is of. */
  readonly needles: Map<string, string>;
  readonly outputs: { readonly name: string; readonly read: () => string }[];
  /** Answers that are still being read for their secrets. */
  readonly pending: Set<Promise<unknown>>;
  isOn: boolean;
}

const place = Symbol.for('watmeter.test.secrets');
const holder = globalThis as typeof globalThis & { [place]?: Watch };
holder[place] ??= { needles: new Map(), outputs: [], pending: new Set(), isOn: false };
export const watch: Watch = holder[place];

const startChars = 12;
/** What the welcome of a first start shows as an example, where many tests have a subject of this name. */
const welcomeExample = '--sub alice --tag newsletter';
const namesOfObjects: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

/** Registers a key, a token or a password; texts that could stand in any log by chance are passed over. */
export function registerSecret(name: string, value: unknown): void {
  if (typeof value !== 'string' || value.length < 12 || new Set(value).size < 8) return;
  if (value.includes('-----BEGIN')) {
    // The first lines are the same in all keys.
    for (const line of value.split(/\r?\n|\\n/).slice(2, 5)) registerSecret(name, line);
    return;
  }
  // The header of a token is no secret, and the same in many.
  const parts = value.split('.');
  const texts = parts.length === 5 ? [parts[1], parts[3]] : [value];
  for (const text of texts) addNeedles(name, text ?? '');
}

/** Registers what a claim says of a viewer, which is often short. */
export function registerClaim(name: string, value: unknown): void {
  if (typeof value !== 'string' || value.length < 5 || namesOfObjects.includes(value)) return;
  if (new Set(value).size < 4) return;
  addNeedles(name, value);
}

/** The beginning and the middle, so that one that is cut short in a log is found, too. */
function addNeedles(name: string, text: string): void {
  if (text.length < 5) return;
  const middle = text.length >> 1;
  const pieces = text.length > 80 ? [text.slice(0, 40), text.slice(middle, middle + 40)] : [text];
  for (const piece of pieces) for (const form of formsOf(piece)) watch.needles.set(form, name);
}

/** A text as it is, and as it would stand in JSON, in a URL and in base64 of either alphabet. */
function formsOf(text: string): Set<string> {
  const wellFormed = text.toWellFormed();
  const forms = [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(wellFormed)];
  if (text.length < 10) return new Set(forms);
  for (const offset of [0, 1, 2]) {
    // What stands before shifts the alphabet: the characters that only this text decides are looked for.
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(wellFormed)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    for (const alphabet of ['base64', 'base64url'] as const)
      forms.push(whole.toString(alphabet).slice(offset === 0 ? 0 : 4));
  }
  return new Set(forms);
}

/** The names of the secrets that a text holds. */
export function secretsIn(text: string): string[] {
  const { short, byStart } = sortedNeedles();
  const found = short.filter((needle) => text.includes(needle));
  // In one pass over the text, since there may be thousands of them.
  for (let at = 0; at + startChars <= text.length; at += 1) {
    const candidates = byStart.get(text.slice(at, at + startChars)) ?? [];
    found.push(...candidates.filter((needle) => text.startsWith(needle, at)));
  }
  return [...new Set(found.map((needle) => watch.needles.get(needle) ?? ''))];
}

/** The long ones by their first characters. */
function sortedNeedles() {
  const short: string[] = [];
  const byStart = new Map<string, string[]>();
  for (const needle of watch.needles.keys()) {
    const start = needle.slice(0, startChars);
    const known = byStart.get(start);
    if (start.length < startChars) short.push(needle);
    else if (known === undefined) byStart.set(start, [needle]);
    else known.push(needle);
  }
  return { short, byStart };
}

/**
 * Has what a process writes looked through at the end of the test file.
 * @throws Error where nobody would look: the file runs under a configuration without the watch.
 */
export function watchOutput(name: string, read: () => string): void {
  if (!watch.isOn && process.env['VITEST'] !== undefined)
    throw new Error('secrets are not watched: test/support/secret-watch/setup.ts belongs into setupFiles');
  watch.outputs.push({ name, read });
}

/** @throws Error that names the secrets that were written, and never says them. */
export async function expectNoSecretWritten(): Promise<void> {
  await Promise.all(watch.pending);
  const leaks = watch.outputs.flatMap(({ name, read }) =>
    secretsIn(read().replaceAll(welcomeExample, '')).map((secret) => `${name} has written ${secret}`),
  );
  if (watch.outputs.length > 0 && watch.needles.size === 0) throw new Error('no secret was registered');
  if (leaks.length > 0) throw new Error(`secrets in logs:\n${[...new Set(leaks)].join('\n')}`);
}
