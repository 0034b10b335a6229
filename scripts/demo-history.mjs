// Creates the sessions of past days for `npm run demo -- --history 90d`, and imports them through the API. Responses
// mark them as imported.
import { createHash, randomBytes } from 'node:crypto';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Number of sessions per request, which is the server's maximum. */
const batchSize = 5000;
/** Approximate number of sessions on a weekday, over all configurations. */
const sessionsPerDay = 900;

/** Relative number of sessions in each UTC hour of a day. Offices work from 8 to 18, with a dip at noon. */
const hourWeights = [1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 20, 17, 12, 16, 18, 17, 14, 10, 7, 5, 4, 3, 2, 1];

/**
 * Returns sessions of the given number of past days and of today until now, oldest first. Weekends have few sessions,
 * the number grows slowly from day to day, and one day has many sessions.
 */
export function createHistory(scenes, days, nowMs) {
  const firstMs = Math.floor(nowMs / dayMs) * dayMs - days * dayMs;
  const sessions = [];
  for (let day = 0; day <= days; day += 1) {
    const startMs = firstMs + day * dayMs;
    const weekday = new Date(startMs).getUTCDay();
    const weekend = weekday === 0 || weekday === 6 ? 0.15 : 1;
    const growth = 0.6 + (0.4 * day) / days;
    const campaign = day === Math.floor(days * 0.7) ? 2.5 : 1;
    const count = sessionsPerDay * weekend * growth * campaign * (0.85 + Math.random() * 0.3);
    for (let session = 0; session < count; session += 1) sessions.push(createSession(scenes, startMs));
  }
  const nowText = new Date(nowMs).toISOString();
  return sessions
    .filter(({ time }) => time < nowText)
    .sort((left, right) => (left.time < right.time ? -1 : 1));
}

function createSession(scenes, dayStartMs) {
  const scene = pickWeighted(scenes, ({ weight }) => weight);
  const hour = pickWeighted([...hourWeights.keys()], (index) => hourWeights[index]);
  const tags = scene.tags[Math.floor(Math.random() ** 2 * scene.tags.length)];
  const viewer = Math.floor(Math.random() ** 2 * 120);
  return {
    time: new Date(dayStartMs + hour * hourMs + Math.random() * hourMs).toISOString(),
    configurationId: scene.id,
    tags,
    viewer: `viewer-${viewer}@example.com`,
  };
}

function pickWeighted(items, weightOf) {
  const total = items.reduce((sum, item) => sum + weightOf(item), 0);
  let left = Math.random() * total;
  return (
    items.find((item) => {
      left -= weightOf(item);
      return left < 0;
    }) ?? items.at(-1)
  );
}

/**
 * Imports the sessions. `call` sends a request to the instance. `showProgress` receives the number of imported
 * sessions.
 */
export async function importHistory(sessions, { call, showProgress }) {
  const digest = createHash('sha256').update(randomBytes(32)).digest('hex');
  for (let start = 0; start < sessions.length; start += batchSize) {
    const batch = sessions.slice(start, start + batchSize);
    await call('POST', `/usage/imports/${digest}`, { first: start + 1, sessions: batch });
    showProgress(start + batch.length);
  }
}
