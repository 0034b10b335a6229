import { CommanderError } from 'commander';
import { reasonOf } from '../platform/errors/errors.ts';
import { createProgram, fullNameOf } from './program.ts';
import type { CommandContext } from './support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from './support/command-failure.ts';
import { refuseSecrets } from './support/command-files.ts';

/** Runs the command in the arguments, or `start` if there are no arguments. Resolves to the exit code. */
export async function runCommandLine(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const words = args.length === 0 ? ['start'] : [...args];
  let exitCode: ExitCode = exitCodes.done;
  let name = 'watmeter';
  const output = {
    writeOut: (text: string) => context.print(text.trimEnd()),
    writeErr: (text: string) => context.printError(text.trimEnd()),
  };
  try {
    refuseSecrets(words);
    const program = createProgram(
      (work) =>
        async (...given) => {
          exitCode = await work(context, ...given);
        },
      output,
    );
    program.hook('preAction', (_, command) => {
      name = fullNameOf(command);
    });
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return endOf(error);
    const { exitCode: failure, lines } = failureOf(error);
    const [reason = '', ...more] = lines;
    for (const line of [`${name}: ${reason}`, ...more]) context.printError(line);
    return failure;
  }
}

/** Returns the exit code for an error of commander. Commander also throws after it has shown help or the version. */
function endOf({ exitCode }: CommanderError): ExitCode {
  return exitCode === 0 ? exitCodes.done : exitCodes.usageError;
}

function failureOf(error: unknown): Pick<CommandFailure, 'exitCode' | 'lines'> {
  return error instanceof CommandFailure ? error : new CommandFailure(exitCodes.failed, reasonOf(error));
}
