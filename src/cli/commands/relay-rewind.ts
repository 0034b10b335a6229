import { setTimeout as pass } from 'node:timers/promises';
import { createRewindRequests } from '../../journal/relay/rewind-request.ts';
import type { Command } from '../support/command.ts';
import { loadConfig } from './config-check.ts';

const waitMs = 200;
const maxWaits = 25;

export const relayRewind: Command = {
  name: 'relay rewind',
  usage: 'watmeter relay rewind',
  summary:
    'send again to Kafka everything that the journal in DATA_DIR still has; always safe, nothing is counted twice',
  async run(context) {
    const config = loadConfig(context);
    if (config === undefined) return 1;
    const rewinds = createRewindRequests(config.dataDir);
    rewinds.request();
    for (let wait = 0; wait < maxWaits; wait += 1) {
      await pass(waitMs);
      const events = rewinds.takeAnswer();
      if (events === undefined) continue;
      context.print(`The gateway sends ${events} events again.`);
      return 0;
    }
    context.print('No gateway runs on this directory: its next start will send everything again.');
    return 0;
  },
};
