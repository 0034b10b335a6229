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
/** The maximum depth at which bodies are searched. Only tests with hostile input send deeper bodies. */
const maxDepth = 6;

/** Replaces `fetch` so that the secrets in every request and response are registered. */
export function watchFetch(): void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const call = nameOf(url, init);
    registerRequest(call, url, init);
    const response = await original(input, init);
    registerAnswer(call, response);
    return response;
  };
}

/** Registers the secrets in a call that did not use `fetch`. */
export function registerCall(url: string, init: RequestInit, response: Response): void {
  const call = nameOf(url, init);
  registerRequest(call, url, init);
  registerAnswer(call, response);
}

function nameOf(url: string, init: RequestInit | undefined): string {
  return `${init?.method ?? 'GET'} ${pathOf(url)}`;
}

/** Returns the first three segments of a path. Later segments may be secret. */
function pathOf(url: string): string {
  return url
    .replace(/^\w+:\/\/[^/]+/, '')
    .split(/[/?]/, 5)
    .slice(0, 4)
    .map((part) => part.slice(0, 24))
    .join('/');
}

function registerRequest(call: string, url: string, init: RequestInit | undefined): void {
  const headers = new Headers(init?.headers);
  for (const name of secretHeaders) {
    const value = headers
      .get(name)
      ?.replace(/^(Bearer|Basic) +/i, '')
      .replace(/^[^=;, ]+=/, '');
    registerSecret(`${name} of ${call}`, value?.split(';')[0]);
  }
  for (const segment of url.split(/[/?&=#]/))
    if (segment.length > 100) registerSecret(`URL of ${call}`, segment);
  if (typeof init?.body === 'string') registerJson(`request ${call}`, init.body);
}

function registerAnswer(call: string, response: Response): void {
  for (const cookie of response.headers.getSetCookie())
    registerSecret(`cookie of ${call}`, cookie.split(';')[0]?.replace(/^[^=]+=/, ''));
  const code = /[?&]wat_code=([^&]+)/.exec(response.headers.get('location') ?? '')?.[1];
  registerSecret(`code of ${call}`, code);
  registerSecret(`X-WAT-Assertion of ${call}`, response.headers.get('x-wat-assertion'));
  registerSecret(`renewed token of ${call}`, response.headers.get('x-wat-renewed-token'));
  if (!/json/.test(response.headers.get('content-type') ?? '')) return;
  const reading = response
    .clone()
    .text()
    .then((text) => registerJson(`answer to ${call}`, text))
    .catch(() => {
      // The test closed the connection.
    })
    .finally(() => watch.pending.delete(reading));
  watch.pending.add(reading);
}

function registerJson(call: string, text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  registerMembers(call, value, 0);
}

function registerMembers(call: string, value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return;
  for (const [name, member] of Object.entries(value)) {
    const label = `${name} of ${call}`;
    if (secretMembers.has(name)) registerSecret(label, member);
    if (claimMembers.has(name)) for (const claim of [member].flat()) registerClaim(label, claim);
    registerMembers(call, member, depth + 1);
  }
}
