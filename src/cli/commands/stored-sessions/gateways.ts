import type { Command } from 'commander';
import type { RetireOptions } from '../../actions/stored-sessions/gateways.ts';
import type { ApiOptions } from '../../api/api-session.ts';
import type { RunAction } from '../../support/run-action.ts';
import { addApiOptions } from '../options.ts';

const load = () => import('../../actions/stored-sessions/gateways.ts');

/** Adds the command `gateways`, which manages the gateways of a cluster through the HTTP API. */
export function addGatewayCommands(program: Command, run: RunAction): void {
  const gateways = program
    .command('gateways')
    .summary('list gateways, and retire those that are gone')
    .description('Lists and retires the gateways of a cluster through the HTTP API of a running instance.');
  const list = gateways
    .command('list')
    .description('Lists the gateways that can have sessions which are not stored yet.');
  addApiOptions(list).action(
    run(async (context, options: ApiOptions) => (await load()).listGateways(context, options)),
  );
  const retire = gateways
    .command('retire')
    .description(
      'Stops waiting for a gateway that is gone permanently, so that usage becomes complete without it. If the gateway returns, its sessions are counted.',
    )
    .argument('[name]', 'host name of the gateway, or producer')
    .option('--legacy', 'retire all producers that were stored before watermarks existed');
  addApiOptions(retire).action(
    run(async (context, name: string | undefined, options: RetireOptions) =>
      (await load()).retireGateway(context, name, options),
    ),
  );
}
