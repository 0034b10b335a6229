import { type ApiOptions, type ApiSession, openApi } from '../api/api-session.ts';
import {
  type AcceptedKey,
  type ConfigurationAnswer,
  configurationLines,
  configurationsPath,
  configurationTable,
  named,
  pathOf,
  type UsageAnswer,
  usageLines,
} from '../output/token-answers.ts';
import type { CommandContext } from '../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../support/command-failure.ts';

const pageSize = 500;

export interface ListOptions extends ApiOptions {
  readonly limit?: number;
}

export interface DeleteOptions extends ApiOptions {
  readonly yes?: true;
}

export interface UsageOptions extends ApiOptions {
  readonly timeZone: string;
}

/** Prints a table of token configurations, newest first. */
export async function listConfigurations(context: CommandContext, options: ListOptions): Promise<ExitCode> {
  const { api } = await openApi(options, context);
  const configurations = await readList(api, options.limit ?? Number.POSITIVE_INFINITY);
  if (options.json) for (const configuration of configurations) context.print(JSON.stringify(configuration));
  else if (configurations.length > 0)
    for (const line of configurationTable(configurations)) context.print(line);
  else
    context.printError(
      'There are no token configurations. Create one: npx watmeter token configurations create NAME',
    );
  return exitCodes.done;
}

/** Prints a token configuration and the old keys that it still accepts. */
export async function showConfiguration(
  context: CommandContext,
  id: string,
  options: ApiOptions,
): Promise<ExitCode> {
  const { api, show } = await openApi(options, context);
  const configuration = (await api.call('GET', pathOf(id))) as ConfigurationAnswer;
  const { items } = (await api.call('GET', `${pathOf(id)}/keys`)) as { items: AcceptedKey[] };
  show({ ...configuration, acceptedKeys: items }, () => configurationLines(configuration, items));
  return exitCodes.done;
}

/** Changes members of a token configuration. The output starts with the verb `done`, for example "renamed". */
export async function changeConfiguration(
  context: CommandContext,
  { id, members, done }: { id: string; members: object; done: string },
  options: ApiOptions,
): Promise<ExitCode> {
  const { api, show } = await openApi(options, context);
  const changed = (await api.call('PATCH', pathOf(id), members)) as ConfigurationAnswer;
  show(changed, () => [`${done} ${named(changed)}`]);
  return exitCodes.done;
}

/** Deletes a token configuration after confirmation. */
export async function deleteConfiguration(
  context: CommandContext,
  id: string,
  options: DeleteOptions,
): Promise<ExitCode> {
  const { api, show } = await openApi(options, context);
  const configuration = (await api.call('GET', pathOf(id))) as ConfigurationAnswer;
  if (!options.yes) await confirmDeletion(configuration, context);
  await api.call('DELETE', pathOf(id));
  show({ ...configuration, deleted: true }, () => [`deleted ${named(configuration)}`]);
  return exitCodes.done;
}

async function confirmDeletion(
  configuration: ConfigurationAnswer,
  { ask }: Pick<CommandContext, 'ask'>,
): Promise<void> {
  if (ask === undefined)
    throw new CommandFailure(
      exitCodes.usageError,
      'without a terminal, --yes is required',
      `Deleting is permanent. Run it again with --yes to delete ${named(configuration)}.`,
    );
  const answer = await ask(`Delete ${named(configuration)} permanently? Type yes: `);
  if (answer.trim() !== 'yes') throw new CommandFailure(exitCodes.failed, 'nothing was deleted');
}

/** Prints the usage of a token configuration. */
export async function showUsage(
  context: CommandContext,
  id: string,
  options: UsageOptions,
): Promise<ExitCode> {
  const { api, show } = await openApi(options, context);
  const query = new URLSearchParams({ timeZone: options.timeZone });
  const usage = (await api.call('GET', `${pathOf(id)}/usage?${query}`)) as UsageAnswer;
  show(usage, () => usageLines(usage));
  return exitCodes.done;
}

async function readList(api: ApiSession['api'], limit: number): Promise<ConfigurationAnswer[]> {
  const configurations: ConfigurationAnswer[] = [];
  let cursor: string | null = null;
  do {
    const size = Math.min(pageSize, limit - configurations.length);
    const query = new URLSearchParams({ limit: String(size), ...(cursor && { cursor }) });
    const page = (await api.call('GET', `${configurationsPath}?${query}`)) as {
      items: ConfigurationAnswer[];
      nextCursor: string | null;
    };
    configurations.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && configurations.length < limit);
  return configurations;
}
