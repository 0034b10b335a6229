import { type ApiOptions, openApi } from '../../api/api-session.ts';
import { tableLines } from '../../output/table.ts';
import { quoted } from '../../output/terminal-text.ts';
import type { CommandContext } from '../../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../../support/command-failure.ts';

const path = '/api/v1/gateways';

interface GatewayList {
  readonly completeThrough: string | null;
  readonly gateways: readonly {
    readonly producer: string;
    readonly gateway: string | null;
    readonly state: string;
    readonly completeThrough: string | null;
  }[];
}

/** Prints the producers that have not ended, and how far their sessions are stored. */
export async function listGateways(context: CommandContext, options: ApiOptions): Promise<ExitCode> {
  const { api, show } = await openApi(options, context);
  const list = (await api.call('GET', path)) as GatewayList;
  show(list, () => [
    ...tableLines(
      list.gateways.map(({ producer, gateway, state, completeThrough }) => [
        quoted(gateway ?? '-'),
        quoted(producer),
        state,
        completeThrough === null ? 'no watermark' : `complete through ${completeThrough}`,
      ]),
    ),
    `All gateways: ${list.completeThrough === null ? 'not known' : `complete through ${list.completeThrough}`}`,
  ]);
  return exitCodes.done;
}

export interface RetireOptions extends ApiOptions {
  readonly legacy?: true;
}

/** Retires the gateway with this name, or all legacy producers. Fails if there is none. */
export async function retireGateway(
  context: CommandContext,
  name: string | undefined,
  options: RetireOptions,
): Promise<ExitCode> {
  if ((name === undefined) === (options.legacy === undefined))
    throw new CommandFailure(exitCodes.usageError, 'pass either the name of a gateway or --legacy');
  const { api, show } = await openApi(options, context);
  const body = name === undefined ? { legacy: true } : { name };
  const answer = (await api.call('POST', `${path}/retire`, body)) as { retired: string[] };
  show(answer, () =>
    answer.retired.length === 0
      ? ['No gateway was retired. List them: npx watmeter gateways list']
      : answer.retired.map((producer) => `retired: producer ${quoted(producer)}`),
  );
  return answer.retired.length === 0 ? exitCodes.failed : exitCodes.done;
}
