import { readEnvironment } from '../config/environment.ts';
import { runCommandLine } from './run.ts';
import { createTerminal } from './support/terminal.ts';

/** A reader that has closed its pipe (`| head`) needs no more output. The command does its work all the same. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

ignoreClosedPipes();
const { end, ...terminal } = createTerminal(process);
process.exitCode = await runCommandLine(process.argv.slice(2), { env: readEnvironment(), ...terminal });
end();
