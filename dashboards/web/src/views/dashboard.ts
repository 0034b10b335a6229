import type { ApiError } from '../api/http.ts';
import type { Session } from '../api/session.ts';
import { loadSnapshot, type Snapshot } from '../api/usage.ts';
import { createFreshness } from '../components/freshness.ts';
import { createConfigurations, createTags } from '../components/lists.ts';
import { createNotice } from '../components/notice.ts';
import { createScope } from '../components/scope.ts';
import { createSummary } from '../components/summary.ts';
import { createTopBar } from '../components/top-bar.ts';
import { createZoneChooser } from '../components/zone-chooser.ts';
import { serverNow } from '../format/clock.ts';
import { connectionAfter } from '../state/connection.ts';
import { createPoller } from '../state/poller.ts';
import { type Query, readQuery, sameQuery, writeQuery } from '../state/query.ts';
import type { Connection, Part } from '../state/view.ts';
import { announce } from '../ui/announce.ts';
import { h } from '../ui/dom.ts';
import type { Screen } from './screen.ts';

const FIRST_ROWS = 20;
const MORE_ROWS = 100;

export interface DashboardEvents {
  readonly signOut: () => Promise<void>;
  /** Runs when the server reports that the session has ended. */
  readonly onSessionEnd: () => void;
}

/** Creates the dashboard, which polls usage and redraws its parts. */
export function createDashboard(session: Session, events: DashboardEvents): Screen {
  let query = readQuery();
  let rows = { configurations: FIRST_ROWS, tags: FIRST_ROWS };
  let snapshot: Snapshot | undefined;
  let drawnSnapshot: Snapshot | undefined;
  let connection: Connection = { kind: 'connecting' };

  const poller = createPoller<Snapshot>({
    load: (signal) => loadSnapshot(query, rows, signal),
    onAnswer: (answer) => {
      snapshot = answer;
      setConnection({ kind: 'live' });
    },
    onFailure: (error: ApiError, retryAt) => {
      if (error.status === 401) events.onSessionEnd();
      else setConnection(connectionAfter(error, retryAt));
    },
  });

  function setConnection(next: Connection): void {
    if (next.kind === 'retrying' && connection.kind !== 'retrying') announce(`${next.reason}, retrying.`);
    if (next.kind === 'live' && connection.kind === 'retrying') announce('Connected again.');
    connection = next;
    draw();
  }

  function changeQuery(change: Partial<Query>): void {
    query = { ...query, ...change };
    rows = { configurations: FIRST_ROWS, tags: FIRST_ROWS };
    writeQuery(query, 'push');
    draw();
    poller.restart();
  }

  function showMore(list: keyof typeof rows): void {
    rows = { ...rows, [list]: rows[list] < MORE_ROWS ? MORE_ROWS : rows[list] + MORE_ROWS };
    poller.restart();
  }

  function followHistory(): void {
    if (sameQuery(query, readQuery())) return;
    query = readQuery();
    draw();
    poller.restart();
  }

  const zone = createZoneChooser((timeZone) => changeQuery({ timeZone }));
  const scope = createScope({ onClear: changeQuery });
  const freshness = createFreshness();
  const notice = createNotice();
  const summary = createSummary();
  const configurations = createConfigurations({
    onFilter: changeQuery,
    onMore: () => showMore('configurations'),
  });
  const tags = createTags({ onFilter: changeQuery, onMore: () => showMore('tags') });
  const parts: readonly Part[] = [zone, scope, freshness, notice, summary, configurations, tags];

  const heading = h('h1', { tabindex: -1 }, 'Sessions');
  const content = h(
    'div',
    { class: 'content' },
    summary.element,
    h('div', { class: 'lists' }, configurations.element, tags.element),
  );
  const main = h(
    'main',
    { id: 'main', class: 'page', tabindex: -1 },
    h('div', { class: 'page__head' }, heading, scope.element, zone.element, freshness.element),
    notice.element,
    content,
  );

  function draw(): void {
    const live =
      snapshot !== undefined && drawnSnapshot !== undefined && sameQuery(drawnSnapshot.query, snapshot.query);
    const view = { now: serverNow(), query, snapshot, live, connection };
    for (const part of parts) part.update(view);
    content.hidden = !snapshot && connection.kind === 'refused';
    content.toggleAttribute('data-stale', snapshot !== undefined && !sameQuery(snapshot.query, query));
    drawnSnapshot = snapshot;
  }

  const ticker = setInterval(() => document.hidden || draw(), 1000);
  addEventListener('popstate', followHistory);
  writeQuery(query, 'replace');
  draw();
  poller.restart();

  return {
    element: h('div', { class: 'shell' }, createTopBar(session, events.signOut), main),
    focus: () => heading.focus(),
    close: () => {
      clearInterval(ticker);
      removeEventListener('popstate', followHistory);
      poller.stop();
    },
  };
}
