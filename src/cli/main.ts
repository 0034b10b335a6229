import { readEnvironment } from '../config/environment.ts';
import { runCommandLine } from './run.ts';
import { exitCodes } from './support/command-failure.ts';
import { createTerminal } from './support/terminal.ts';

/** Enough for output to reach a pipe. */
const lastWordsMs = 500;

/** A reader that has closed its pipe (`| head`) needs no more output. The command does its work all the same. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

ignoreClosedPipes();
const { end, ...terminal } = createTerminal(process);
const exitCode = await runCommandLine(process.argv.slice(2), { env: readEnvironment(), ...terminal });
end();
process.exitCode = exitCode;
// Timers and connections of a start that failed would keep the process, and no supervisor would start it again.
if (exitCode !== exitCodes.done) setTimeout(() => process.exit(exitCode), lastWordsMs).unref();
