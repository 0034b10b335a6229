import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, mint, type TestConfiguration } from '../../support/api.ts';
import { type AppProcess, adminToken, startAppProcess } from '../../support/app-process.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { browserHeaders, visit } from './support/links.ts';
import { sendRaw } from './support/raw-http.ts';

const directory = createTemporaryDirectory('secrets');
const path = '/api/v1/wat/sessionToken';
const base = '/api/v1/web-access-tokens/configurations';

/** Secrets and personal data that must not appear in logs, errors or metrics. */
const secrets: Record<string, string> = {
  subject: 'subject-marker-7f3a',
  tag: 'tag-marker-7f3a',
  grant: 'grant-marker-7f3a',
  'admin token': adminToken,
  'API token': `wmt_abc_${'S'.repeat(43)}`,
  metrics: 'metrics-marker-7f3a',
  query: 'query-marker-7f3a',
};
const errorTexts: string[] = [];
let app: AppProcess;
let metrics: string;

beforeAll(async () => {
  app = await startAppProcess({
    dataDir: directory.path,
    env: {
      LOG_LEVEL: 'trace',
      SINK_LINGER: '20ms',
      TRUST_PROXY: '127.0.0.0/8',
      METRICS_TOKEN: secrets['metrics'] ?? '',
      LINK_TARGET_URL: 'https://app.example',
      LINK_HANDOFF: 'code',
    },
  });
  await useEverySecret();
  metrics = (
    await call(app.url, 'GET', '/metrics', { headers: { authorization: `Bearer ${secrets['metrics']}` } })
  ).text;
  secrets['master key'] = readFileSync(join(directory.path, 'master-key'), 'utf8').trim();
  // The process writes its last log lines while it stops.
  await app.stop();
});
afterAll(async () => {
  await app.stop();
  directory.remove();
});

/** Sends a request and records the response if it is an error. */
async function send(method: string, url: string, options: Parameters<typeof call>[3] = {}) {
  const answer = await call(app.url, method, url, options);
  if (answer.status >= 400) errorTexts.push(answer.text);
  return answer;
}

async function makeConfiguration(): Promise<TestConfiguration> {
  const { body } = await send('POST', base, { body: { name: 'Secrets' } });
  return { id: String(body['id']), publicKey: String(body['publicKey']) };
}

async function useEverySecret(): Promise<void> {
  const configuration = await makeConfiguration();
  secrets['public key'] = configuration.publicKey.split('\n')[2] ?? '';
  await exchangeAll(configuration);
  await rotate(configuration);
  await openLinks(secrets['token'] ?? '');
  await misuse(secrets['token'] ?? '');
  await signInAndOut();
  await useApiTokens();
}

/** Rotates keys with a JSON response and a file response, and sends the keys in places where they do not belong. */
async function rotate({ id }: TestConfiguration): Promise<void> {
  const path = `${base}/${id}/rotate`;
  const body = { acceptOldUntil: '2027-01-01T00:00:00Z' };
  const [json, file] = [
    await send('POST', path, { body }),
    await send('POST', `${path}?format=pub`, { body }),
  ];
  const keys = { 'rotated key': String(json.body['publicKey']), 'key of a file': file.text };
  for (const [name, key] of Object.entries(keys)) {
    secrets[name] = key.split('\n')[2] ?? '';
    await send('POST', path, { body: { acceptOldUntil: key, [key]: key } });
    await send('POST', `${path}?format=${encodeURIComponent(key)}`, { body });
    await send('PATCH', `${base}/${id}`, { body: { name: key, enabled: key } });
  }
}

async function exchangeAll(configuration: TestConfiguration): Promise<void> {
  const other = await makeConfiguration();
  const claims = { sub: secrets['subject'], trc: [secrets['tag']], grants: { res: [secrets['grant']] } };
  const exchange = (webAccessToken: unknown) => send('POST', path, { body: { webAccessToken }, headers: {} });
  const token = await mint(configuration, claims);
  secrets['token'] = token;
  for (const [index, part] of token.split('.').entries()) secrets[`part ${index} of the token`] = part;
  const { body } = await exchange(token);
  secrets['session token'] = String(body['webSessionToken']);
  secrets['initialiser'] = String(body['initialiser']);
  await useSession(secrets['session token'], secrets['initialiser']);

  const tools = '/api/v1/web-access-tokens';
  await send('POST', `${tools}/test`, { body: { token } });
  const generation = { configurationId: configuration.id, publicKey: configuration.publicKey };
  await send('POST', `${tools}/generate`, { body: { ...generation, payload: claims } });
  const faulty = { ...claims, exp: 1, lng: secrets['subject'], grants: { res: secrets['grant'] } };
  await send('POST', `${tools}/generate`, { body: { ...generation, payload: faulty } });
  await send('POST', `${tools}/generate`, {
    body: { ...generation, configurationId: other.id, payload: claims },
  });

  const bad = [
    token.slice(0, -3),
    `${token}\u00e9`,
    await mint({ ...configuration, publicKey: other.publicKey }, claims),
    await mint({ ...configuration, id: 'f'.repeat(24) }, claims),
    await mint(configuration, { ...claims, exp: 1 }),
    await mint(configuration, { ...claims, nbf: 4_102_444_800 }),
    await mint(configuration, { ...claims, trc: secrets['tag'] }),
    await mint(configuration, { ...claims, sub: { name: secrets['subject'] } }),
  ];
  for (const [index, badToken] of bad.entries()) {
    secrets[`bad token ${index}`] = badToken;
    expect((await exchange(badToken)).status).toBe(401);
  }
}

/** Sends a session token and its initialiser in the correct headers and in wrong places. */
async function useSession(token: string, initialiser: string): Promise<void> {
  const session = '/api/v1/wat/session';
  const sessionHeaders = { authorization: `Bearer ${token}`, initialiser };
  const { headers } = await send('GET', session, { headers: sessionHeaders });
  secrets['assertion'] = headers.get('x-wat-assertion') ?? '';
  const renewed = await send('POST', `${session}/renew`, { headers: sessionHeaders });
  secrets['renewed session token'] = String(renewed.body['webSessionToken']);
  for (const path of [session, `${session}/claims`, `${session}?${token}=${initialiser}`]) {
    await send('GET', path, { headers: { ...sessionHeaders, initialiser: token } });
    await send('GET', path, { headers: { cookie: `wat_session=${token}A; wat_entry_a=${token}` } });
  }
  await send('POST', `${session}/renew?token=${token}`, { headers: { initialiser } });
  await send('PUT', `${session}/claims/${token}`, { headers: sessionHeaders, body: { token, initialiser } });
}

/** Opens links that succeed, and links that are rejected for different reasons. */
async function openLinks(token: string): Promise<void> {
  const query = `?x=${secrets['query']}`;
  const open = async (path: string, options: Parameters<typeof visit>[2] = {}) => {
    const answer = await visit(app.url, path, options);
    if (answer.status >= 400) errorTexts.push(answer.text);
    return answer;
  };
  const post = (body: string, type = 'application/x-www-form-urlencoded') =>
    open(`/wat/dashboard${query}`, { method: 'POST', headers: { 'content-type': type }, body });
  for (const answer of [await open(`/wat/${token}/dashboard${query}`), await post(`wat=${token}`)]) {
    expect(answer.status).toBe(303);
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('wat_code') ?? '';
    secrets[`link code ${Object.keys(secrets).length}`] = code;
    const redeem = () => send('POST', '/api/v1/wat/session/redeem', { body: { code }, headers: {} });
    const { body } = await redeem();
    secrets[`session token of a link ${Object.keys(secrets).length}`] = String(body['webSessionToken']);
    await redeem();
    await send('POST', '/api/v1/wat/session/redeem', { body: { [code]: code }, headers: {} });
  }
  for (const headers of [{}, browserHeaders] as Record<string, string>[]) {
    await open(`/wat/${token}A/dashboard${query}`, { headers });
    await open(`/wat/${token}/a%2Fb${query}`, { headers });
    await open(`/wat/${token}/%FF${query}`, { headers });
    await open(`/wat/${token}/a`, { headers: { ...headers, 'sec-purpose': 'prefetch' } });
    await open(`/wat/${token}/a`, { method: 'DELETE', headers });
    await open(`/wat/${token}/a`, { method: 'HEAD', headers });
    await open(`/wat/${'a'.repeat(101)}${token}/a`, { headers });
    await open(`/wat/${token.repeat(25)}/a`, { headers });
    await open(`/wat/${token.repeat(60)}/a`, { headers });
  }
  await post(`wat=${token}&wat=${token}`);
  await post(`${token}=1`);
  await post(`{"wat":"${token}"}`, 'application/json');
}

/** Sends the secrets in wrong places, in every part of a request. */
async function misuse(token: string): Promise<void> {
  const json = { 'content-type': 'application/json' };
  await send('POST', path, { body: `{"webAccessToken":"${token}"`, headers: {} });
  await send('POST', path, { body: [token], headers: {} });
  await send('POST', path, { body: { [token]: secrets['subject'] }, headers: {} });
  await send('POST', path, { body: { webAccessToken: { [secrets['tag'] ?? '']: token } }, headers: {} });
  await send('POST', `${path}/${token}?x=${secrets['query']}`, { headers: json, body: {} });
  await send('GET', `/${token}`, { headers: { referer: `https://a.example/${token}` } });
  await send('GET', `/api/v1/usage/tags/${token}`);
  await send('GET', `/api/v1/usage/tags/%FF${token}`);
  await send('GET', `/api/v1/usage/summary?timeZone=${token}`);
  await send('GET', `/api/v1/usage/summary?${token}=1&limit=${secrets['query']}`);
  await send(
    'GET',
    `/api/v1/usage/tags?cursor=${token}&match=${secrets['query']}&untagged=${secrets['query']}`,
  );
  await send('GET', base, { headers: { authorization: `Bearer ${secrets['API token']}` } });
  await send('GET', base, { headers: { authorization: `Basic ${btoa(`a:${adminToken}`)}` } });
  await send('POST', base, {
    body: { name: `${secrets['subject']}\u0000`, [token.slice(0, 60)]: secrets['tag'] },
  });
  await send('PATCH', `${base}/${token.slice(0, 60)}`, { body: { name: token } });
  await send('PUT', `${path}?x=${secrets['query']}`, {
    headers: { 'x-token': token },
    body: { webAccessToken: token },
  });
  errorTexts.push(
    await sendRaw(app.url, `GET /${token} HTTP/1.1\r\nHost: a\r\nX: ${token.repeat(40)}\r\n\r\n`),
  );
  errorTexts.push(await sendRaw(app.url, `${token}\r\n\r\n`));
}

async function signInAndOut(): Promise<void> {
  const session = '/api/v1/ui/session';
  const opened = await send('POST', session, { body: { token: adminToken }, headers: {} });
  const [cookie = ''] = (opened.headers.get('set-cookie') ?? '').split(';');
  secrets['cookie'] = cookie.split('=')[1] ?? '';
  const cookieHeaders = { cookie, origin: app.url };
  await send('GET', '/api/v1/usage/summary', { headers: cookieHeaders });
  await send('POST', base, {
    headers: { cookie, origin: `https://${secrets['query']}.example` },
    body: { name: 'x' },
  });
  await send('POST', session, { body: { token: secrets['API token'] }, headers: {} });
  await send('POST', session, {
    body: { token: adminToken, [secrets['query'] ?? '']: 1 },
    headers: cookieHeaders,
  });
  await send('DELETE', session, { headers: cookieHeaders });
  await send('GET', session, { headers: cookieHeaders });
}

/** Sends the secrets of an API token in the correct header and in wrong places. */
async function useApiTokens(): Promise<void> {
  const tokens = '/api/v1/api-tokens';
  const body = { name: 'Secrets', scopes: ['admin', 'tokens:write'], expiresIn: '1d' };
  const { id } = (await send('POST', tokens, { body })).body;
  const generate = async () => String((await send('POST', `${tokens}/${id}/generate`)).body['token']);
  const secretOf = (token: string) => token.slice(`wmt_${id}_`.length);
  const [old, fresh] = [await generate(), await generate()];
  secrets['old secret of an API token'] = secretOf(old);
  secrets['secret of an API token'] = secretOf(fresh);
  for (const token of [old, fresh]) {
    const headers = { authorization: `Bearer ${token}` };
    await send('GET', tokens, { headers });
    await send('GET', `${tokens}/${token}`, { headers });
    await send('POST', `${tokens}/${token}/revoke`, { headers });
    await send('GET', `${tokens}/${id}/log?cursor=${token}`, { headers });
    await send('POST', tokens, { headers, body: { ...body, name: 1, expiresIn: token, [token]: token } });
    await send('POST', tokens, { headers, body: { ...body, scopes: [token], organisationId: token } });
    await send('PATCH', `${base}/${token}`, { headers, body: { name: 'x' } });
  }
  for (const path of [`${tokens}/${id}/log`, tokens, '/api/v1/audit'])
    errorTexts.push((await send('GET', path)).text);
}

/** Returns the names of the secrets whose first 60 characters occur in the text, except the ignored ones. */
function secretsIn(text: string, ignored: readonly string[] = []): string[] {
  return Object.entries(secrets)
    .filter(([name, secret]) => !ignored.includes(name) && text.includes(secret.slice(0, 60)))
    .map(([name]) => name);
}

describe('the secrets of this test', () => {
  it('are all sent, and long enough to be found', () => {
    expect(Object.values(secrets).every((secret) => secret.length >= 15)).toBe(true);
    expect(Object.keys(secrets).length).toBeGreaterThan(20);
    expect(errorTexts.length).toBeGreaterThan(30);
    expect(secretsIn(`a ${secrets['token']} b`)).toContain('token');
  });

  it('are not in the output of the process, which logs every request', () => {
    const output = app.output();
    expect(output.match(/"msg":"request"/g)?.length).toBeGreaterThan(30);
    expect(output).toContain('"route":"/api/v1/wat/sessionToken"');
    expect(output).toContain('"route":"/wat/[token]/..."');
    expect(secretsIn(output)).toEqual([]);
  });

  it('are not in any error that a client received', () => {
    for (const text of errorTexts) {
      // An error contains short unknown member names, so that the caller can remove them. The query marker is such a
      // name.
      expect([text, secretsIn(text, ['query'])]).toEqual([text, []]);
    }
  });

  it('are not in the metrics', () => {
    expect(metrics).toContain('watmeter_exchanges_total');
    expect(secretsIn(metrics)).toEqual([]);
  });
});
