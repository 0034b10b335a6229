import { makeAdminToken } from '../../access/api-tokens/api-tokens.ts';
import { openControl } from '../../app/control.ts';
import { systemClock } from '../../platform/clock.ts';
import type { CommandContext } from '../support/command-context.ts';
import { type ExitCode, exitCodes } from '../support/command-failure.ts';
import { loadSettings } from '../support/settings.ts';

/** Creates a new administrator token and prints it. The old one stops at once. */
export async function renewAdminToken(context: CommandContext): Promise<ExitCode> {
  const control = await openControl(loadSettings(context), systemClock);
  try {
    const token = makeAdminToken();
    await control.tokens.setAdmin(token);
    context.print(token);
    return exitCodes.done;
  } finally {
    await control.store.destroy();
  }
}
