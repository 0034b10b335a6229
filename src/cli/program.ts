import { Command, type OutputConfiguration } from 'commander';
import { readVersion } from '../app/version.ts';
import { addAdminTokenCommands } from './commands/admin-token.ts';
import { addConfigCommands } from './commands/config.ts';
import { addMintCommand } from './commands/mint.ts';
import { addRelayCommands } from './commands/relay.ts';
import { addStartCommands } from './commands/start.ts';
import { addDeadLetterCommands } from './commands/stored-sessions/dead-letters.ts';
import { addGatewayCommands } from './commands/stored-sessions/gateways.ts';
import { addImportCommands } from './commands/stored-sessions/import.ts';
import { addIntegrityCommands } from './commands/stored-sessions/integrity.ts';
import { addRetentionCommands } from './commands/stored-sessions/retention.ts';
import { addViewerCommands } from './commands/stored-sessions/viewers.ts';
import { addTokenCommands } from './commands/token.ts';
import { addTopicsCommand } from './commands/topics.ts';
import type { RunAction } from './support/run-action.ts';

const footer = `
Without a command, watmeter runs "start".
Exit codes: 0 done, 1 failed, 2 usage error.
Settings are environment variables: docs/reference/configuration.md. Commands: docs/reference/command-line.md.`;

/** Creates the command-line program with all commands, options and help texts. */
export function createProgram(run: RunAction, output: OutputConfiguration): Command {
  const program = new Command('watmeter')
    .usage('[command] [options]')
    .description('Usage metering for web access tokens.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpCommand(
      new Command('help')
        .argument('[command]')
        .description('show the help of a command')
        .helpGroup('Settings and help:')
        .helpOption(false),
    )
    .addHelpText('after', footer)
    .exitOverride()
    .configureOutput(output);
  program.commandsGroup('Processes:');
  addStartCommands(program, run);
  program.commandsGroup('Tokens:');
  addTokenCommands(program, run);
  addMintCommand(program, run);
  addAdminTokenCommands(program, run);
  program.commandsGroup('Stored sessions:');
  addIntegrityCommands(program, run);
  addDeadLetterCommands(program, run);
  addImportCommands(program, run);
  addRetentionCommands(program, run);
  addViewerCommands(program, run);
  program.commandsGroup('Kafka:');
  addTopicsCommand(program, run);
  addRelayCommands(program, run);
  addGatewayCommands(program, run);
  program.commandsGroup('Settings and help:');
  addConfigCommands(program, run);
  addUsageToErrors(program);
  return program;
}

/** Returns the full name of a command, including its parents: `watmeter token test`. */
export function fullNameOf(command: Command): string {
  return command.parent ? `${fullNameOf(command.parent)} ${command.name()}` : command.name();
}

/** Makes usage errors of a command show the usage of that command. */
function addUsageToErrors(command: Command): void {
  const name = fullNameOf(command);
  command.showHelpAfterError(`Usage: ${name} ${command.usage()}\nRun "${name} --help" for more.`);
  for (const child of command.commands) addUsageToErrors(child);
}
