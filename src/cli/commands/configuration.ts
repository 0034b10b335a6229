import type { Command } from 'commander';
import type { CreateOptions, RotateOptions } from '../actions/configuration-keys.ts';
import type { DeleteOptions, ListOptions, UsageOptions } from '../actions/configurations.ts';
import type { ApiOptions } from '../api/api-session.ts';
import type { RunAction } from '../support/run-action.ts';
import { addApiOptions, parseCount } from './options.ts';

const load = () => import('../actions/configurations.ts');
const loadKeys = () => import('../actions/configuration-keys.ts');
const keyFileText = 'file for the public key, created with mode 0600; - for standard output';

/** Adds the subcommand `configurations` to `token`. */
export function addConfigurationCommands(token: Command, run: RunAction): void {
  const configurations = token
    .command('configurations')
    .summary('manage token configurations')
    .description('Manages token configurations: named key pairs that encrypt and decrypt web access tokens.');
  addReading(configurations, run);
  addChanging(configurations, run);
  addKeys(configurations, run);
}

function addReading(configurations: Command, run: RunAction): void {
  const list = configurations
    .command('list')
    .description('Lists token configurations, newest first.')
    .option('--limit <count>', 'maximum number of configurations to list (default: all)', parseCount);
  addApiOptions(list).action(
    run(async (context, options: ListOptions) => (await load()).listConfigurations(context, options)),
  );
  const show = configurations
    .command('show')
    .description('Shows a token configuration.')
    .argument('<id>', 'id of the configuration');
  addApiOptions(show).action(
    run(async (context, id: string, options: ApiOptions) =>
      (await load()).showConfiguration(context, id, options),
    ),
  );
  const usage = configurations
    .command('usage')
    .description('Shows the last use, the sessions today and the total sessions of a configuration.')
    .argument('<id>', 'id of the configuration')
    .option('--time-zone <zone>', 'IANA time zone of "today"', 'UTC');
  addApiOptions(usage).action(
    run(async (context, id: string, options: UsageOptions) => (await load()).showUsage(context, id, options)),
  );
}

function addChanging(configurations: Command, run: RunAction): void {
  const rename = configurations
    .command('rename')
    .description('Changes the name of a configuration.')
    .argument('<id>', 'id of the configuration')
    .argument('<name>', 'new name');
  addApiOptions(rename).action(
    run(async (context, id: string, name: string, options: ApiOptions) =>
      (await load()).changeConfiguration(context, { id, members: { name }, done: 'renamed' }, options),
    ),
  );
  const states = [
    ['enable', 'Accepts the tokens of a configuration again, at once.', true],
    ['disable', 'Rejects the tokens of a configuration, at once. Open sessions continue.', false],
  ] as const;
  for (const [name, description, enabled] of states) {
    const change = configurations
      .command(name)
      .description(description)
      .argument('<id>', 'id of the configuration');
    addApiOptions(change).action(
      run(async (context, id: string, options: ApiOptions) =>
        (await load()).changeConfiguration(context, { id, members: { enabled }, done: `${name}d` }, options),
      ),
    );
  }
  const remove = configurations
    .command('delete')
    .description('Deletes a configuration permanently and rejects its tokens. Its usage remains.')
    .argument('<id>', 'id of the configuration')
    .option('--yes', 'delete without confirmation; required without a terminal');
  addApiOptions(remove).action(
    run(async (context, id: string, options: DeleteOptions) =>
      (await load()).deleteConfiguration(context, id, options),
    ),
  );
}

function addKeys(configurations: Command, run: RunAction): void {
  const create = configurations
    .command('create')
    .description('Creates a configuration. Its public key creates tokens and is shown only once.')
    .argument('<name>', 'name of the configuration')
    .option('--key-file <file>', `${keyFileText} (default: NAME.pub)`);
  addApiOptions(create).action(
    run(async (context, name: string, options: CreateOptions) =>
      (await loadKeys()).createConfiguration(context, name, options),
    ),
  );
  const rotate = configurations
    .command('rotate')
    .description(
      'Creates a new key for a configuration. Tokens of older keys are accepted until the given time.',
    )
    .argument('<id>', 'id of the configuration')
    .requiredOption(
      '--accept-old-until <when>',
      'an instant such as 2026-12-01T00:00:00Z, a time from now such as 12h or 30d, or now',
    )
    .option('--key-file <file>', `${keyFileText} (default: NAME.pub)`);
  addApiOptions(rotate).action(
    run(async (context, id: string, options: RotateOptions) =>
      (await loadKeys()).rotateKey(context, id, options),
    ),
  );
}
