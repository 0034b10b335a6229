import { registerClaim, registerSecret, watch } from './secrets.ts';

const secretMembers = new Set([
  'webAccessToken',
  'webSessionToken',
  'initialiser',
  'initializer',
  'token',
  'publicKey',
  'privateKey',
]);
const claimMembers = new Set(['sub', 'subject', 'trc', 'res', 'members']);
const secretHeaders = ['authorization', 'initialiser', 'initializer', 'cookie'];
/** Deeper, there is nothing but what a hostile test has made. */
const maxDepth = 6;

/** Has every call of a test looked through for secrets, both ways. */
export function watchFetch(): void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const what = nameOf(url, init);
    registerRequest(what, url, init);
    const response = await original(input, init);
    registerAnswer(what, response);
    return response;
  };
}

/** Looks through a call that went another way than by `fetch`. */
export function registerCall(url: string, init: RequestInit, response: Response): void {
  const what = nameOf(url, init);
  registerRequest(what, url, init);
  registerAnswer(what, response);
}

function nameOf(url: string, init: RequestInit | undefined): string {
  return `${init?.method ?? 'GET'} ${pathOf(url)}`;
}

/** Without what may be secret itself: only the first three segments. */
function pathOf(url: string): string {
  return url
    .replace(/^\w+:\/\/[^/]+/, '')
    .split(/[/?]/, 5)
    .slice(0, 4)
    .map((part) => part.slice(0, 24))
    .join('/');
}

function registerRequest(what: string, url: string, init: RequestInit | undefined): void {
  const headers = new Headers(init?.headers);
  for (const name of secretHeaders) {
    const value = headers
      .get(name)
      ?.replace(/^(Bearer|Basic) +/i, '')
      .replace(/^[^=;, ]+=/, '');
    registerSecret(`${name} of ${what}`, value?.split(';')[0]);
  }
  for (const segment of url.split(/[/?&=#]/))
    if (segment.length > 100) registerSecret(`URL of ${what}`, segment);
  if (typeof init?.body === 'string') registerJson(`request ${what}`, init.body);
}

function registerAnswer(what: string, response: Response): void {
  for (const cookie of response.headers.getSetCookie())
    registerSecret(`cookie of ${what}`, cookie.split(';')[0]?.replace(/^[^=]+=/, ''));
  const code = /[?&]wat_code=([^&]+)/.exec(response.headers.get('location') ?? '')?.[1];
  registerSecret(`code of ${what}`, code);
  registerSecret(`X-WAT-Assertion of ${what}`, response.headers.get('x-wat-assertion'));
  registerSecret(`renewed token of ${what}`, response.headers.get('x-wat-renewed-token'));
  if (!/json/.test(response.headers.get('content-type') ?? '')) return;
  const reading = response
    .clone()
    .text()
    .then((text) => registerJson(`answer to ${what}`, text))
    .catch(() => {
      // The test has ended the connection.
    })
    .finally(() => watch.pending.delete(reading));
  watch.pending.add(reading);
}

function registerJson(what: string, text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  registerMembers(what, value, 0);
}

function registerMembers(what: string, value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return;
  for (const [name, member] of Object.entries(value)) {
    const label = `${name} of ${what}`;
    if (secretMembers.has(name)) registerSecret(label, member);
    if (claimMembers.has(name)) for (const one of [member].flat()) registerClaim(label, one);
    registerMembers(what, member, depth + 1);
  }
}
