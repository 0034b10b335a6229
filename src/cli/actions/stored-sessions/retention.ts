import { type ApiOptions, openApi } from '../../api/api-session.ts';
import { tableLines } from '../../output/table.ts';
import type { CommandContext } from '../../support/command-context.ts';
import { type ExitCode, exitCodes } from '../../support/command-failure.ts';

interface RetentionStatus {
  readonly retentionSeconds: number | null;
  readonly retainedFrom: string | null;
  readonly months: readonly {
    readonly month: string;
    readonly state: string;
    readonly sessions: number;
    readonly isDue: boolean;
  }[];
}

/** Prints EVENT_RETENTION, and for each month whether its sessions are stored, archived or dropped. */
export async function showRetention(context: CommandContext, options: ApiOptions): Promise<ExitCode> {
  const { api, show } = await openApi(options, context);
  const status = (await api.call('GET', '/api/v1/usage/retention')) as RetentionStatus;
  show(status, () => [
    status.retentionSeconds === null
      ? 'EVENT_RETENTION is not set: all sessions are kept.'
      : `EVENT_RETENTION: ${status.retentionSeconds / 86_400} days after the end of a month`,
    ...(status.retainedFrom === null ? [] : [`Single sessions are stored from ${status.retainedFrom}.`]),
    ...tableLines(
      status.months.map(({ month, state, sessions, isDue }) => [
        month,
        state,
        `${sessions.toLocaleString('en-US')} sessions`,
        isDue && state === 'stored' ? 'is dropped next' : '',
      ]),
    ),
  ]);
  return exitCodes.done;
}
