import { type Role, roleFaults } from '../../app/roles.ts';
import { parseConfig } from '../../config/parse.ts';
import type { Config } from '../../config/settings.ts';
import type { Command, CommandContext } from '../support/command.ts';

export const configCheck: Command = {
  name: 'config check',
  usage: 'watmeter config check',
  summary: 'check the settings in the environment, and say all that is wrong with them at once',
  async run(context) {
    if (loadConfig(context) === undefined) return 1;
    context.print('The configuration is valid.');
    return 0;
  },
};

/** The configuration, or undefined after every fault was printed. */
export function loadConfig({ env, printError }: CommandContext, role: Role = 'all'): Config | undefined {
  const parsed = parseConfig(env);
  const faults = parsed.ok ? roleFaults(role, parsed.config) : parsed.faults;
  if (parsed.ok && faults.length === 0) return parsed.config;
  printError('The configuration has faults:');
  for (const { path, message } of faults) printError(`  ${path} ${message}`);
  printError('See docs/configuration.md.');
  return undefined;
}
