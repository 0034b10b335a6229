import type { Config } from '../../app/config.ts';
import { parseConfig } from '../../app/config.ts';
import { type Role, roleFaults } from '../../app/roles.ts';
import type { CommandContext } from './command-context.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';

/**
 * Reads and validates the settings in the environment.
 * @throws CommandFailure that lists all errors.
 */
export function loadSettings({ env }: Pick<CommandContext, 'env'>, role: Role = 'all'): Config {
  const parsed = parseConfig(env);
  const faults = parsed.ok ? roleFaults(role, parsed.config) : parsed.faults;
  if (parsed.ok && faults.length === 0) return parsed.config;
  throw new CommandFailure(
    exitCodes.failed,
    'the settings are not valid:',
    ...faults.map(({ path, message }) => `  ${path} ${message}`),
    'See docs/reference/configuration.md.',
  );
}
