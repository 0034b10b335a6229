import type { Command } from 'commander';
import type { GenerateOptions } from '../actions/token.ts';
import type { ApiOptions } from '../api/api-session.ts';
import type { RunAction } from '../support/run-action.ts';
import { addConfigurationCommands } from './configuration.ts';
import { addApiOptions } from './options.ts';

/** Adds the command `token`. Its subcommands call the HTTP API of a running instance. */
export function addTokenCommands(program: Command, run: RunAction): void {
  const token = program
    .command('token')
    .summary('generate and test web access tokens, manage their configurations')
    .description('Manages token configurations and tokens through the HTTP API of a running instance.');
  addConfigurationCommands(token, run);
  const generate = token
    .command('generate')
    .summary('validate claims and print a token')
    .description(
      'Validates claims and prints a web access token with them. Findings go to standard error. One of the files can be - for standard input.',
    )
    .requiredOption('--configuration <id>', 'id of the token configuration')
    .requiredOption('--public-key <file>', 'public key of the configuration')
    .requiredOption('--payload <file>', 'claims as a JSON object');
  addApiOptions(generate).action(
    run(async (context, options: GenerateOptions) =>
      (await import('../actions/token.ts')).generateToken(context, options),
    ),
  );
  const test = token
    .command('test')
    .summary('decrypt and validate a token')
    .description('Decrypts a web access token and lists every finding. Fails unless the token is valid.')
    .argument('[file]', 'file with the token, - for standard input', '-');
  addApiOptions(test).action(
    run(async (context, file: string, options: ApiOptions) =>
      (await import('../actions/token.ts')).testToken(context, file, options),
    ),
  );
}
