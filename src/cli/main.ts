import { readEnvironment } from '../config/environment.ts';
import { runCommandLine } from './run.ts';
import { exitCodes } from './support/command-failure.ts';
import { createTerminal } from './support/terminal.ts';

/** Time after which the process exits, so that its last output can reach a pipe. */
const lastWordsMs = 500;

let outputFailed = false;

/**
 * Lets a command complete its work even if its output cannot be written. A closed pipe is normal (`| head`). After
 * any other failure of standard output, such as a full disk, the command fails at its end. Failures of standard error
 * cannot be reported.
 */
function surviveFailedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') outputFailed = true;
  });
  process.stderr.on('error', () => {});
}

surviveFailedOutput();
const { end, ...terminal } = createTerminal(process);
const result = await runCommandLine(process.argv.slice(2), { env: readEnvironment(), ...terminal });
end();
const exitCode = outputFailed && result === exitCodes.done ? exitCodes.failed : result;
process.exitCode = exitCode;
// Timers and connections of a failed start would keep the process alive, and a supervisor would not restart it.
if (exitCode !== exitCodes.done) setTimeout(() => process.exit(exitCode), lastWordsMs).unref();
