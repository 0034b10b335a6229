import type { CommandContext } from '../support/command-context.ts';
import { createInputs, type Inputs } from '../support/command-files.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { findApiToken, findUrl } from './api-target.ts';

/** Options of all commands that call the HTTP API. */
export interface ApiOptions {
  readonly url?: string;
  readonly apiTokenFile?: string;
  readonly json?: true;
}

/** Connection from a command to a running instance. */
export interface ApiSession {
  readonly api: ApiClient;
  readonly inputs: Inputs;
  /** Prints the response as one line of JSON if --json is set, otherwise as lines of text. */
  show(answer: unknown, lines: () => readonly string[]): void;
}

/**
 * Finds the address of the instance and the API token, and connects to the instance.
 * @throws CommandFailure if the address is not valid or there is no API token.
 */
export async function openApi(options: ApiOptions, context: CommandContext): Promise<ApiSession> {
  const inputs = createInputs(context);
  const { url, isLoopback } = findUrl(options.url, context);
  const token = await findApiToken(options.apiTokenFile, { context, inputs, isLoopback });
  const api = createApiClient({
    url,
    apiToken: token.text,
    tokenSource: token.source,
    onSlow: () => context.printError(`waiting for ${url} ...`),
  });
  return {
    ...{ api, inputs },
    show(answer, lines) {
      for (const line of options.json ? [JSON.stringify(answer)] : lines()) context.print(line);
    },
  };
}
