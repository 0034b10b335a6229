// npm run demo: creates three token configurations and sample traffic with tracking tags on a running instance. It
// uses only the public HTTP API. At the end it prints the usage in two time zones.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mintToken } from '../dist/src/tokens/issuing/mint.js';
import { createHistory, importHistory } from './demo-history.mjs';

const help = `Usage: npm run demo -- [options]

Creates three token configurations and sample traffic on a running instance. Then it prints the statistics in two time
zones.

Options:
  --url <url>         address of the instance (default: PUBLIC_URL, or else http://127.0.0.1:8080)
  --sessions <count>  number of sessions to start (default: 1000)
  --history <days>    also import sessions of this many past days, such as 90d
  --help              show this text

The administrator token is read from ADMIN_TOKEN, or else from DATA_DIR/admin-token (DATA_DIR: ./data by default).`;

/** Prints a message about a wrong command line and exits with 2. */
function failUsage(message) {
  console.error(`demo: ${message}\nList the options: npm run demo -- --help`);
  process.exit(2);
}

function readOptions() {
  const { url, sessions, history, help: isHelpWanted } = parseOptions();
  if (isHelpWanted) {
    console.log(help);
    process.exit(0);
  }
  const isHttp = URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
  if (!isHttp) failUsage(`--url must be the address of an instance, such as http://127.0.0.1:8080`);
  if (!/^[1-9]\d{0,8}$/.test(sessions)) failUsage('--sessions must be a whole number of at least 1');
  const [, days] = /^([1-9]\d{0,2})d$/.exec(history) ?? [];
  if (history !== undefined && days === undefined)
    failUsage('--history must be a number of days from 1d to 999d, such as 90d');
  return { url: url.replace(/\/+$/, ''), sessions: Number(sessions), historyDays: Number(days ?? 0) };
}

function parseOptions() {
  const url = process.env.PUBLIC_URL || 'http://127.0.0.1:8080';
  try {
    return parseArgs({
      options: {
        url: { type: 'string', default: url },
        sessions: { type: 'string', default: '1000' },
        history: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch ({ message }) {
    // Only the first sentence is shown. The others contain Node.js's advice about the syntax of arguments.
    const [reason] = message.split(/\. |\n/, 1);
    return failUsage(reason);
  }
}

const { url: instanceUrl, sessions, historyDays } = readOptions();
const inFlight = 16;
const zones = ['America/New_York', 'Asia/Kolkata'];

/** Sample customers: the name of their configuration, how often it is used, and the tags of their links. */
const scenes = [
  {
    name: 'Acme portal',
    weight: 6,
    tags: [
      ['acme', 'portal'],
      ['acme', 'portal', 'mobile'],
      ['acme', 'newsletter'],
    ],
  },
  {
    name: 'Globex weekly report',
    weight: 3,
    tags: [
      ['globex', 'newsletter'],
      ['globex', 'pdf'],
    ],
  },
  { name: 'Initech kiosk', weight: 1, tags: [['initech', 'kiosk'], []] },
];

const tokenFile = `${process.env.DATA_DIR || './data'}/admin-token`;

function adminToken() {
  if (process.env.ADMIN_TOKEN) return process.env.ADMIN_TOKEN;
  try {
    return readFileSync(tokenFile, 'utf8').trim();
  } catch {
    throw new Error(
      `cannot read the administrator token from ${tokenFile}: set DATA_DIR to the DATA_DIR of the instance, or set ADMIN_TOKEN`,
    );
  }
}

/** Returns the message for an administrator token that the instance rejects (401). */
function rejectedTokenText() {
  const source = process.env.ADMIN_TOKEN ? 'in the setting ADMIN_TOKEN' : `in ${tokenFile}`;
  return `${instanceUrl} rejects the administrator token ${source}: set DATA_DIR to the DATA_DIR of the instance, or set ADMIN_TOKEN to its administrator token`;
}

async function call(method, path, body, token) {
  const response = await fetch(`${instanceUrl}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error) => {
    throw new Error(`nothing answers at ${instanceUrl}: start watmeter first (npm start), or give --url`, {
      cause: error,
    });
  });
  const answer = await response.json().catch(() => {
    throw new Error(`the server at ${instanceUrl} is not watmeter: name the address of watmeter with --url`);
  });
  if (response.status === 401 && token !== undefined) throw new Error(rejectedTokenText());
  if (!response.ok) throw new Error(`${method} ${path}: ${answer.code} ${answer.detail ?? ''}`);
  return answer;
}

/** Creates a configuration, and several links for each set of tags, as an embedding application would. */
async function prepare(scene, token) {
  const { id, publicKey } = await call(
    'POST',
    '/web-access-tokens/configurations',
    { name: scene.name },
    token,
  );
  const links = await Promise.all(
    scene.tags.flatMap((trc, kind) =>
      ['alice', 'bob', 'carol', 'dave'].map((sub) =>
        mintToken({
          configurationId: id,
          publicKeyPem: publicKey,
          claims: { sub: `${sub}@example.com`, exp: null, iat: Math.floor(Date.now() / 1000) - kind, trc },
        }),
      ),
    ),
  );
  return { ...scene, id, links };
}

function pick(prepared) {
  const weighted = prepared.flatMap((scene) => Array(scene.weight).fill(scene));
  const scene = weighted[Math.floor(Math.random() * weighted.length)];
  // Squaring makes the first links much more popular than the last ones.
  return scene.links[Math.floor(Math.random() ** 2 * scene.links.length)];
}

function showProgress(label, { done, of }, startedMs) {
  const width = 30;
  const filled = Math.round((done / of) * width);
  const rate = Math.round(done / Math.max(0.001, (performance.now() - startedMs) / 1000));
  const line = `  ${label}  [${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done}/${of}  ${rate}/s`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
  else if (done === of || done % Math.ceil(of / 4) === 0) process.stderr.write(`${line}\n`);
}

/** Imports sessions of past days, so that the dashboard has data for graphs and comparisons. */
async function fillHistory(prepared, token) {
  const startedMs = performance.now();
  const past = createHistory(prepared, historyDays, Date.now());
  await importHistory(past, {
    call: (method, path, body) => call(method, path, body, token),
    showProgress: (done) => showProgress('history ', { done, of: past.length }, startedMs),
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
}

async function openSessions(prepared) {
  const startedMs = performance.now();
  let begun = 0;
  let done = 0;
  async function visitor() {
    while (begun < sessions) {
      begun += 1;
      await call('POST', '/wat/sessionToken', { webAccessToken: pick(prepared) });
      done += 1;
      showProgress('sessions', { done, of: sessions }, startedMs);
      // The random waits make viewers arrive in bursts, not at a steady rate.
      await new Promise((resolve) => setTimeout(resolve, Math.random() ** 3 * 200));
    }
  }
  await Promise.all(Array.from({ length: inFlight }, visitor));
  if (process.stderr.isTTY) process.stderr.write('\n');
}

async function waitUntilCounted(token) {
  const nowMs = Date.now();
  for (;;) {
    const { completeThrough } = await call('GET', '/usage/summary', undefined, token);
    if (completeThrough !== null && Date.parse(completeThrough) > nowMs) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const line = (row) =>
    row.map((cell, i) =>
      typeof cell === 'number' ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i]),
    );
  return rows.map((row) => `    ${line(row).join('   ')}`).join('\n');
}

async function printStatistics(timeZone, prepared, token) {
  const ids = prepared.map(({ id }) => `configurationId=${id}`).join('&');
  const query = `timeZone=${encodeURIComponent(timeZone)}&${ids}`;
  const [summary, configurations, tags] = await Promise.all(
    ['summary', 'configurations', 'tags'].map((what) =>
      call('GET', `/usage/${what}?${query}`, undefined, token),
    ),
  );
  console.log(`\n  ${timeZone}: today began at ${summary.dayStart}\n`);
  const rows = (items, nameOf) =>
    items.map((item) => [nameOf(item), item.today, item.total, item.lastUsed ?? 'never']);
  console.log(
    table([
      ['configuration', 'today', 'total', 'last used'],
      ...rows(configurations.items, ({ name }) => name),
      ['all', summary.today, summary.total, summary.lastUsed],
      ['', '', '', ''],
      ['tag', 'today', 'total', 'last used'],
      ...rows(tags.items, ({ tag }) => tag ?? '(no tag)'),
    ]),
  );
}

async function main() {
  const token = adminToken();
  console.log(`  creating three token configurations at ${instanceUrl}`);
  const prepared = await Promise.all(scenes.map((scene) => prepare(scene, token)));
  if (historyDays > 0) await fillHistory(prepared, token);
  await openSessions(prepared);
  await waitUntilCounted(token);
  for (const timeZone of zones) await printStatistics(timeZone, prepared, token);
  console.log(`\n  The same, live: ${instanceUrl}/\n`);
}

main().catch((error) => {
  console.error(`demo: ${error.message}`);
  process.exit(1);
});
