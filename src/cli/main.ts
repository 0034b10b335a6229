import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { readEnvironment } from '../config/environment.ts';
import { reasonOf } from '../platform/errors/errors.ts';
import { adminTokenRenew } from './commands/admin-token.ts';
import { configCheck } from './commands/config-check.ts';
import { deadLettersList, deadLettersReplay, deadLettersShow } from './commands/dead-letters.ts';
import { mint } from './commands/mint.ts';
import { relayRewind } from './commands/relay-rewind.ts';
import { repair } from './commands/repair.ts';
import { start, startApi, startConsumer, startGateway } from './commands/start.ts';
import { tokenGenerate, tokenTest } from './commands/token.ts';
import {
  configurationsDelete,
  configurationsDisable,
  configurationsEnable,
  configurationsList,
  configurationsRename,
  configurationsShow,
  configurationsUsage,
} from './commands/token-configurations.ts';
import { configurationsCreate, configurationsRotate } from './commands/token-keys.ts';
import { topics } from './commands/topics.ts';
import { verify } from './commands/verify.ts';
import type { Command, CommandContext } from './support/command.ts';

const commands: readonly Command[] = [
  start,
  startGateway,
  startConsumer,
  startApi,
  topics,
  relayRewind,
  configCheck,
  mint,
  configurationsCreate,
  configurationsList,
  configurationsShow,
  configurationsRename,
  configurationsEnable,
  configurationsDisable,
  configurationsDelete,
  configurationsRotate,
  configurationsUsage,
  tokenGenerate,
  tokenTest,
  adminTokenRenew,
  verify,
  repair,
  deadLettersList,
  deadLettersShow,
  deadLettersReplay,
];

/** The command that the words begin with; without words it is `start`. */
function findCommand(words: readonly string[]): { command: Command; args: string[] } | undefined {
  if (words.length === 0) return { command: start, args: [] };
  for (const command of commands) {
    const name = command.name.split(' ');
    if (name.every((part, index) => words[index] === part))
      return { command, args: words.slice(name.length) };
  }
  return undefined;
}

const connectionText =
  'watmeter token ... asks a running instance, and takes --json and:\n' +
  '  --url URL              where it is; else HOST and PORT\n' +
  '  --api-token-file FILE  an API token (- is standard input); else ADMIN_TOKEN, or DATA_DIR/admin-token';

function helpText(): string {
  const lines = commands.map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
  return `watmeter: usage metering for web access tokens\n\n${lines.join('\n\n')}\n\n${connectionText}\n\nSettings: docs/configuration.md`;
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** Somebody who reads only the beginning (`| head`) wants no more: what the command does, it does all the same. */
function forgiveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

async function main(words: readonly string[]): Promise<number> {
  forgiveClosedPipes();
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const printError = (line: string) => void process.stderr.write(`${line}\n`);
  if (words.includes('--help') || words[0] === 'help') {
    print(helpText());
    return 0;
  }
  const found = findCommand(words);
  if (found === undefined) {
    printError(`unknown command\n\n${helpText()}`);
    return 2;
  }
  const context: CommandContext = {
    args: found.args,
    env: readEnvironment(),
    print,
    printError,
    isTerminal: process.stdout.isTTY === true,
    readStdin: () => text(process.stdin),
    ...(process.stdin.isTTY && process.stdout.isTTY && { ask }),
  };
  return found.command.run(context);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`watmeter: ${reasonOf(error)}\n`);
    process.exit(1);
  },
);
