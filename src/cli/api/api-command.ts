import { type ParseArgsConfig, parseArgs } from 'node:util';
import { messageOf } from '../../platform/errors/errors.ts';
import type { Command, CommandContext } from '../support/command.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';
import { createInputs, type Inputs, refuseSecrets } from '../support/command-files.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { findApiToken, findUrl } from './api-target.ts';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

const everywhere = {
  url: { type: 'string' },
  'api-token-file': { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies OptionsConfig;

type Options<Own extends OptionsConfig> = typeof everywhere & Own;
type Values<Own extends OptionsConfig> = ReturnType<typeof parseArgs<{ options: Options<Own> }>>['values'];

/** A call of a command that asks a running instance. */
export interface ApiCall<Own extends OptionsConfig> {
  readonly values: Values<Own>;
  readonly positionals: readonly string[];
  readonly api: ApiClient;
  readonly inputs: Inputs;
  readonly context: CommandContext;
  /** Prints the whole answer as one line of JSON with --json, else lines for a person. */
  show(answer: unknown, lines: () => readonly string[]): void;
}

export interface ApiCommandDefinition<Own extends OptionsConfig> {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options?: Own;
  /** How many words the command takes beside its options. */
  readonly words: number | { readonly atLeast: number; readonly atMost: number };
  /** @throws CommandFailure. */
  run(call: ApiCall<Own>): Promise<number>;
}

/** A command over the HTTP API: finds the instance and the API token, and tells failures with what mends them. */
export function apiCommand<const Own extends OptionsConfig = Record<never, never>>(
  definition: ApiCommandDefinition<Own>,
): Command {
  const { name, usage, summary } = definition;
  return {
    ...{ name, usage, summary },
    async run(context) {
      try {
        return await definition.run(await prepare(definition, context));
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error;
        const [what = '', ...more] = error.lines;
        for (const line of [`watmeter ${name}: ${what}`, ...more]) context.printError(line);
        return error.exitCode;
      }
    },
  };
}

async function prepare<Own extends OptionsConfig>(
  definition: ApiCommandDefinition<Own>,
  context: CommandContext,
): Promise<ApiCall<Own>> {
  const { values, positionals } = parse(definition, context.args);
  const given = values as { url?: string; 'api-token-file'?: string; json?: boolean };
  const inputs = createInputs(context);
  const { url, isLoopback } = findUrl(given.url, context);
  const token = await findApiToken(given['api-token-file'], { context, inputs, isLoopback });
  const api = createApiClient({
    url,
    apiToken: token.text,
    tokenSource: token.source,
    onSlow: () => context.printError(`waiting for ${url} ...`),
  });
  return {
    ...{ values, positionals, api, inputs, context },
    show(answer, lines) {
      for (const line of given.json === true ? [JSON.stringify(answer)] : lines()) context.print(line);
    },
  };
}

function parse<Own extends OptionsConfig>(
  { usage, options, words }: ApiCommandDefinition<Own>,
  args: readonly string[],
): { values: Values<Own>; positionals: string[] } {
  refuseSecrets(args);
  const wrong = (what: string) =>
    new CommandFailure(
      exitCodes.calledWrongly,
      what,
      `usage: ${usage}`,
      'Everywhere: [--url URL] [--api-token-file FILE] [--json]',
    );
  try {
    const parsed = parseArgs({
      args: [...args],
      options: { ...everywhere, ...options } as Options<Own>,
      allowPositionals: true,
    });
    const { atLeast, atMost } = typeof words === 'number' ? { atLeast: words, atMost: words } : words;
    const { length } = parsed.positionals;
    if (length < atLeast || length > atMost) throw wrong(`${length} words where ${atLeast} are needed`);
    return parsed as { values: Values<Own>; positionals: string[] };
  } catch (error) {
    throw error instanceof CommandFailure ? error : wrong(messageOf(error));
  }
}
