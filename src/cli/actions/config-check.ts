import type { CommandContext } from '../support/command-context.ts';
import { type ExitCode, exitCodes } from '../support/command-failure.ts';
import { loadSettings } from '../support/settings.ts';

/** Validates the settings and prints that they are valid. */
export async function checkConfig(context: CommandContext): Promise<ExitCode> {
  loadSettings(context);
  context.print('The configuration is valid.');
  return exitCodes.done;
}
