import { createRewindRequests } from '../../journal/relay/rewind-request.ts';
import { poll } from '../../platform/background/poll.ts';
import type { CommandContext } from '../support/command-context.ts';
import { type ExitCode, exitCodes } from '../support/command-failure.ts';
import { loadSettings } from '../support/settings.ts';

const lookEveryMs = 200;
const lookForMs = 5000;

/**
 * Requests that the gateway of DATA_DIR sends its journal to Kafka again. Waits up to 5 s for the gateway's
 * confirmation.
 */
export async function rewindRelay(context: CommandContext): Promise<ExitCode> {
  const rewinds = createRewindRequests(loadSettings(context).dataDir);
  rewinds.request();
  context.showProgress('waiting for the gateway');
  const events = await poll(rewinds.takeAnswer, { everyMs: lookEveryMs, timeoutMs: lookForMs });
  if (events !== undefined) {
    context.print(`The gateway sends ${events} events again.`);
    return exitCodes.done;
  }
  context.print(
    'No gateway uses this directory now. The next gateway that uses it will send all events again.',
  );
  return exitCodes.done;
}
