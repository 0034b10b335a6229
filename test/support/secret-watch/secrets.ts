/** The secrets that tests have created, and the output that must not contain them. */

interface Watch {
  /** The name of the secret, by each text that is searched for. */
  readonly needles: Map<string, string>;
  readonly outputs: { readonly name: string; readonly read: () => string }[];
  /** Responses that are still being searched for secrets. */
  readonly pending: Set<Promise<unknown>>;
  isOn: boolean;
}

const place = Symbol.for('watmeter.test.secrets');
const holder = globalThis as typeof globalThis & { [place]?: Watch };
holder[place] ??= { needles: new Map(), outputs: [], pending: new Set(), isOn: false };
export const watch: Watch = holder[place];

const startChars = 12;
/** The options in the example that the first start prints. Many tests use the same subject and tag. */
const welcomeExample = '--sub alice --tag newsletter';
const namesOfObjects: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

/** Registers a key, token or password. Ignores text that any log could contain by chance. */
export function registerSecret(name: string, value: unknown): void {
  if (typeof value !== 'string' || value.length < 12 || new Set(value).size < 8) return;
  if (value.includes('-----BEGIN')) {
    // The first lines are the same in all keys.
    for (const line of value.split(/\r?\n|\\n/).slice(2, 5)) registerSecret(name, line);
    return;
  }
  // The header of a token is not secret, and many tokens have the same header.
  const parts = value.split('.');
  const texts = parts.length === 5 ? [parts[1], parts[3]] : [value];
  for (const text of texts) addNeedles(name, text ?? '');
}

/**
 * Registers a claim of a viewer. Unlike a key, a claim may be short. A claim that is a common word can appear in a log by
 * chance. To make this visible, reports contain the start of the claim.
 */
export function registerClaim(name: string, value: unknown): void {
  if (typeof value !== 'string' || value.length < 5 || namesOfObjects.includes(value)) return;
  if (new Set(value).size < 4) return;
  addNeedles(`${name} that begins with ${JSON.stringify(value.slice(0, 12))}`, value);
}

/** Registers the start and the middle of a text, so that the search also finds a truncated secret. */
function addNeedles(name: string, text: string): void {
  if (text.length < 5) return;
  const middle = text.length >> 1;
  const pieces = text.length > 80 ? [text.slice(0, 40), text.slice(middle, middle + 40)] : [text];
  for (const piece of pieces) for (const form of formsOf(piece)) watch.needles.set(form, name);
}

/** Returns a text as it is, in JSON, in a URL, and in both base64 alphabets. */
function formsOf(text: string): Set<string> {
  const wellFormed = text.toWellFormed();
  const forms = [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(wellFormed)];
  if (text.length < 10) return new Set(forms);
  for (const offset of [0, 1, 2]) {
    // The preceding bytes shift the base64 encoding, so only the characters that depend on this text alone are used.
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(wellFormed)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    for (const alphabet of ['base64', 'base64url'] as const)
      forms.push(whole.toString(alphabet).slice(offset === 0 ? 0 : 4));
  }
  return new Set(forms);
}

/** Returns the names of the secrets that a text contains. */
export function secretsIn(text: string): string[] {
  const { short, byStart } = sortedNeedles();
  const hits = short.filter((needle) => text.includes(needle));
  // The loop reads the text once for all search texts, because there may be thousands of them.
  for (let at = 0; at + startChars <= text.length; at += 1) {
    const candidates = byStart.get(text.slice(at, at + startChars)) ?? [];
    hits.push(...candidates.filter((needle) => text.startsWith(needle, at)));
  }
  return [...new Set(hits.map((needle) => watch.needles.get(needle) ?? ''))];
}

/** Returns the short search texts as a list, and the long search texts by their first characters. */
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
 * Searches the output of a process for secrets at the end of the test file.
 * @throws Error if the file runs under a configuration without the secret watch.
 */
export function watchOutput(name: string, read: () => string): void {
  if (!watch.isOn && process.env['VITEST'] !== undefined)
    throw new Error('secrets are not watched: add test/support/secret-watch/setup.ts to setupFiles');
  watch.outputs.push({ name, read });
}

/** Searches all watched output. @throws Error with the names of the secrets that were found, without their values. */
export async function expectNoSecretWritten(): Promise<void> {
  await Promise.all(watch.pending);
  const leaks = watch.outputs.flatMap(({ name, read }) =>
    secretsIn(read().replaceAll(welcomeExample, '')).map((secret) => `${name} has written ${secret}`),
  );
  if (watch.outputs.length > 0 && watch.needles.size === 0) throw new Error('no secret was registered');
  if (leaks.length > 0) throw new Error(`secrets in logs:\n${[...new Set(leaks)].join('\n')}`);
}
