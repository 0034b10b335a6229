import { makeAdminToken } from '../../access/api-tokens/api-tokens.ts';
import { openControl } from '../../app/control.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../support/command.ts';
import { loadConfig } from './config-check.ts';

export const adminTokenRenew: Command = {
  name: 'admin-token renew',
  usage: 'watmeter admin-token renew',
  summary: 'make a new administrator token and print it; the old one stops at once',
  async run(context) {
    const config = loadConfig(context);
    if (config === undefined) return 1;
    const control = await openControl(config, systemClock);
    try {
      const token = makeAdminToken();
      await control.tokens.setAdmin(token);
      context.print(token);
      return 0;
    } finally {
      await control.store.destroy();
    }
  },
};
