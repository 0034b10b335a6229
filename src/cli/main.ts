import { readEnvironment } from '../config/environment.ts';
import { runCommandLine } from './run.ts';
import { exitCodes } from './support/command-failure.ts';
import { createTerminal } from './support/terminal.ts';

/** Time after which the process exits, so that its last output can reach a pipe. */
const lastWordsMs = 500;

/**
 * Ignores EPIPE errors. They occur if the reader closes the pipe early (`| head`). The command still completes its
 * work.
 */
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
// Timers and connections of a failed start would keep the process alive, and a supervisor would not restart it.
if (exitCode !== exitCodes.done) setTimeout(() => process.exit(exitCode), lastWordsMs).unref();
