import { type FileHandle, open, readFile, unlink } from 'node:fs/promises';
import { quoted } from '../output/terminal-text.ts';
import type { CommandContext } from './command.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';

/** What is written into an argument stays in the shell's history, and every process of the machine can read it. */
const secretShape = /wmt_[a-z0-9-]+_|\beyJ[\w-]{10,}|-----BEGIN/;

/** @throws CommandFailure that does not repeat it. */
export function refuseSecrets(args: readonly string[]): void {
  if (!args.some((arg) => secretShape.test(arg))) return;
  throw new CommandFailure(
    exitCodes.calledWrongly,
    'an argument holds a token or a key: others on this machine can see arguments',
    'Write it into a file and give the name of the file, or - for standard input.',
  );
}

/** Reads the files that are named to a command; `-` is standard input, for one of them. */
export function createInputs({ readStdin }: Pick<CommandContext, 'readStdin'>) {
  let isStdinRead = false;
  return {
    /** @param what is said in errors, such as "the payload" */
    async read(file: string, what: string): Promise<string> {
      if (file !== '-') return readNamed(file, what);
      if (isStdinRead)
        throw new CommandFailure(
          exitCodes.calledWrongly,
          'standard input (-) can be one of the files only',
          `Write ${what} into a file.`,
        );
      isStdinRead = true;
      return readStdin();
    },
  };
}

export type Inputs = ReturnType<typeof createInputs>;

async function readNamed(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandFailure(
      exitCodes.calledWrongly,
      `cannot read ${what} from ${quoted(file)} (${codeOf(error)})`,
    );
  }
}

export interface KeyFile {
  /** Resolves when the key is safe on disk. */
  write(publicKey: string): Promise<void>;
  /** Takes the empty file away: there is no key to put into it. */
  discard(): Promise<void>;
}

/**
 * Makes the file of a public key before the key is asked for, which is shown only once. Nobody else may read it, and no
 * other key is ever overwritten.
 */
export async function reserveKeyFile(file: string): Promise<KeyFile> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx', 0o600);
  } catch (error) {
    const exists = codeOf(error) === 'EEXIST';
    throw new CommandFailure(
      exitCodes.calledWrongly,
      exists ? `${quoted(file)} is there already` : `cannot write ${quoted(file)} (${codeOf(error)})`,
      'Name another file with --key-file (- is standard output).',
    );
  }
  return {
    async write(publicKey) {
      try {
        await handle.writeFile(publicKey);
        await handle.sync();
      } catch (error) {
        throw new CommandFailure(
          exitCodes.refused,
          `the key was made, but could not be written to ${quoted(file)} (${codeOf(error)})`,
          'It is not shown again: watmeter token configurations rotate makes another.',
        );
      } finally {
        await handle.close();
      }
    },
    async discard() {
      await handle.close();
      await unlink(file);
    },
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'failed';
}
