import { currentSession, type Session } from '../api/session.ts';
import { createQuery } from '../data/query.ts';

interface RestoreEvents {
  readonly onSession: (session: Session | undefined) => void;
  readonly onFailure: (detail: string) => void;
}

/**
 * Asks the server whether the cookie identifies a session, and retries until it answers. Returns a function that
 * stops it.
 */
export function restoreSession(events: RestoreEvents): () => void {
  const query = createQuery<{ readonly session: Session | undefined }>();
  const stops = [
    query.data.subscribe((answer) => {
      if (!answer) return;
      query.close();
      events.onSession(answer.session);
    }),
    query.error.subscribe((error) => {
      if (error && query.data.peek() === undefined) events.onFailure(error.message);
    }),
  ];
  query.change('session', async () => ({ session: await currentSession() }));
  return () => {
    for (const stop of stops) stop();
    query.close();
  };
}
