import type { Command } from 'commander';
import type { MintOptions } from '../actions/mint.ts';
import type { RunAction } from '../support/run-action.ts';
import { collect, parseSeconds } from './options.ts';

/** Adds the command `mint`, which creates a web access token without a running instance. */
export function addMintCommand(program: Command, run: RunAction): void {
  program
    .command('mint')
    .summary('create a token without an instance')
    .description('Creates a web access token with a public key, without an instance and without validation.')
    .requiredOption(
      '--configuration <file>',
      'file with the response to the creation of the configuration (id and publicKey), - for standard input',
    )
    .requiredOption('--sub <subject>', 'viewer')
    .option('--tag <tag>', 'tracking tag; repeatable', collect)
    .option('--expires-in <seconds>', 'seconds until the token expires (default: it does not)', parseSeconds)
    .option('--bare', 'print the token only, without JSON')
    .action(
      run(async (context, options: MintOptions) =>
        (await import('../actions/mint.ts')).mint(context, options),
      ),
    );
}
