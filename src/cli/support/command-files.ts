import { type FileHandle, open, readFile, unlink } from 'node:fs/promises';
import { quoted } from '../output/terminal-text.ts';
import type { CommandContext } from './command-context.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';

/**
 * Shape of tokens and keys. They must not be arguments: every process on the machine can read arguments, and shells
 * keep them in their history.
 */
const secretShape = /wmt_[a-z0-9-]+_|\beyJ[\w-]{10,}|-----BEGIN/;

/**
 * Throws if an argument contains a token or a key.
 * @throws CommandFailure whose text does not repeat the arguments.
 */
export function refuseSecrets(args: readonly string[]): void {
  if (!args.some((arg) => secretShape.test(arg))) return;
  throw new CommandFailure(
    exitCodes.usageError,
    'an argument contains a token or a key: other users of this machine can see arguments',
    'Write it to a file and pass the name of the file, or - for standard input.',
  );
}

/** Creates a reader for the input files of a command. Only one of the files can be `-` (standard input). */
export function createInputs({ readStdin }: Pick<CommandContext, 'readStdin'>) {
  let isStdinRead = false;
  return {
    /**
     * Reads a file.
     * @param what describes the content in errors, such as "the payload".
     */
    async read(file: string, what: string): Promise<string> {
      if (file !== '-') return readNamed(file, what);
      if (isStdinRead)
        throw new CommandFailure(
          exitCodes.usageError,
          'only one of the files can be standard input (-)',
          `Write ${what} to a file.`,
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
      exitCodes.usageError,
      `cannot read ${what} from ${quoted(file)} (${codeOf(error)})`,
    );
  }
}

export interface KeyFile {
  /** Writes the key and closes the file. Resolves after the key is on disk. */
  write(publicKey: string): Promise<void>;
  /** Removes the empty file. For the case that no key was created. */
  discard(): Promise<void>;
}

/**
 * Creates the file for a public key, with mode 0600. Call this function before the key is created: the API returns a
 * key only once, so the key would be lost if the file could not be created.
 * @throws CommandFailure if the file exists or cannot be created.
 */
export async function reserveKeyFile(file: string): Promise<KeyFile> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx', 0o600);
  } catch (error) {
    const exists = codeOf(error) === 'EEXIST';
    throw new CommandFailure(
      exitCodes.usageError,
      exists ? `${quoted(file)} already exists` : `cannot write ${quoted(file)} (${codeOf(error)})`,
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
          exitCodes.failed,
          `the key was created, but could not be written to ${quoted(file)} (${codeOf(error)})`,
          'It is not shown again. Create another: npx watmeter token configurations rotate',
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
