import { setTimeout as sleep } from 'node:timers/promises';
import { createRewindRequests } from '../../journal/relay/rewind-request.ts';
import type { CommandContext } from '../support/command-context.ts';
import { type ExitCode, exitCodes } from '../support/command-failure.ts';
import { loadSettings } from '../support/settings.ts';

const waitMs = 200;
const mostWaits = 25;

/** Asks the gateway of DATA_DIR to send its journal to Kafka again, and waits 5 s for its answer. */
export async function rewindRelay(context: CommandContext): Promise<ExitCode> {
  const rewinds = createRewindRequests(loadSettings(context).dataDir);
  rewinds.request();
  context.showProgress('waiting for the gateway');
  for (let wait = 0; wait < mostWaits; wait += 1) {
    await sleep(waitMs);
    const events = rewinds.takeAnswer();
    if (events === undefined) continue;
    context.print(`The gateway sends ${events} events again.`);
    return exitCodes.done;
  }
  context.print('No gateway runs on this directory: its next start will send everything again.');
  return exitCodes.done;
}
