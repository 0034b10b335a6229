import { type ApiCall, apiCommand } from '../api/api-command.ts';
import {
  type ConfigurationAnswer,
  configurationLines,
  configurationsPath,
  configurationTable,
  named,
  pathOf,
  type UsageAnswer,
  usageLines,
} from '../output/token-answers.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';

const pageSize = 500;

export const configurationsList = apiCommand({
  name: 'token configurations list',
  usage: 'watmeter token configurations list [--limit N]',
  summary: 'list token configurations, the newest first; --json: one a line',
  options: { limit: { type: 'string' } },
  words: 0,
  async run({ api, values, context }) {
    const limit = limitOf(values.limit);
    const found = await readList(api, limit);
    if (values.json === true) for (const one of found) context.print(JSON.stringify(one));
    else if (found.length > 0) for (const line of configurationTable(found)) context.print(line);
    else context.printError('There are none yet: watmeter token configurations create NAME makes one.');
    return exitCodes.done;
  },
});

export const configurationsShow = apiCommand({
  name: 'token configurations show',
  usage: 'watmeter token configurations show ID',
  summary: 'show one token configuration',
  words: 1,
  async run({ api, positionals: [id = ''], show }) {
    const found = (await api.call('GET', pathOf(id))) as ConfigurationAnswer;
    show(found, () => configurationLines(found));
    return exitCodes.done;
  },
});

export const configurationsRename = apiCommand({
  name: 'token configurations rename',
  usage: 'watmeter token configurations rename ID NAME',
  summary: 'give a token configuration another name',
  words: 2,
  run: (call) => change(call, { name: call.positionals[1] }, 'renamed'),
});

export const configurationsEnable = apiCommand({
  name: 'token configurations enable',
  usage: 'watmeter token configurations enable ID',
  summary: 'accept the tokens of a configuration again, at once',
  words: 1,
  run: (call) => change(call, { enabled: true }, 'enabled'),
});

export const configurationsDisable = apiCommand({
  name: 'token configurations disable',
  usage: 'watmeter token configurations disable ID',
  summary: 'refuse the tokens of a configuration, at once; open sessions go on',
  words: 1,
  run: (call) => change(call, { enabled: false }, 'disabled'),
});

export const configurationsDelete = apiCommand({
  name: 'token configurations delete',
  usage: 'watmeter token configurations delete ID [--yes]',
  summary:
    'refuse the tokens of a configuration for ever; its usage stays. Asks on a terminal, else needs --yes',
  options: { yes: { type: 'boolean' } },
  words: 1,
  async run({ api, values, positionals: [id = ''], context, show }) {
    const found = (await api.call('GET', pathOf(id))) as ConfigurationAnswer;
    if (values.yes !== true) {
      if (context.ask === undefined)
        throw new CommandFailure(
          exitCodes.calledWrongly,
          'nobody is at a terminal to be asked',
          `Deleting is for ever. Run it again with --yes to delete ${named(found)}.`,
        );
      const answer = await context.ask(`Delete ${named(found)} for ever? Type yes: `);
      if (answer.trim() !== 'yes') throw new CommandFailure(exitCodes.refused, 'nothing was deleted');
    }
    await api.call('DELETE', pathOf(id));
    show({ ...found, deleted: true }, () => [`deleted ${named(found)}`]);
    return exitCodes.done;
  },
});

export const configurationsUsage = apiCommand({
  name: 'token configurations usage',
  usage: 'watmeter token configurations usage ID [--time-zone ZONE]',
  summary: 'show last use, sessions of today and all sessions, in an IANA time zone (UTC)',
  options: { 'time-zone': { type: 'string', default: 'UTC' } },
  words: 1,
  async run({ api, values, positionals: [id = ''], show }) {
    const query = new URLSearchParams({ timeZone: values['time-zone'] });
    const usage = (await api.call('GET', `${pathOf(id)}/usage?${query}`)) as UsageAnswer;
    show(usage, () => usageLines(usage));
    return exitCodes.done;
  },
});

async function change(
  { api, positionals: [id = ''], show }: Pick<ApiCall<Record<never, never>>, 'api' | 'positionals' | 'show'>,
  members: object,
  done: string,
): Promise<number> {
  const changed = (await api.call('PATCH', pathOf(id), members)) as ConfigurationAnswer;
  show(changed, () => [`${done} ${named(changed)}`]);
  return exitCodes.done;
}

async function readList(
  api: ApiCall<Record<never, never>>['api'],
  limit: number,
): Promise<ConfigurationAnswer[]> {
  const found: ConfigurationAnswer[] = [];
  let cursor: string | null = null;
  do {
    const wanted = { limit: String(Math.min(pageSize, limit - found.length)), ...(cursor && { cursor }) };
    const page = (await api.call('GET', `${configurationsPath}?${new URLSearchParams(wanted)}`)) as {
      items: ConfigurationAnswer[];
      nextCursor: string | null;
    };
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && found.length < limit);
  return found;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CommandFailure(exitCodes.calledWrongly, '--limit is a count, from 1');
}
