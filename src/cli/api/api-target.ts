import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../app/config.ts';
import type { CommandContext } from '../support/command-context.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';
import type { Inputs } from '../support/command-files.ts';
import { loadSettings } from '../support/settings.ts';

export interface ApiToken {
  readonly text: string;
  /** Source of the token. Error messages contain it. */
  readonly source: string;
}

/** Returns the address of the instance: the given one, or the local instance's address from the settings. */
export function findUrl(
  given: string | undefined,
  context: CommandContext,
): { url: string; isLoopback: boolean } {
  const url = given === undefined ? ownUrl(loadSettings(context)) : checked(given);
  const { protocol, hostname } = new URL(url);
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol === 'http:' && !isLoopback)
    context.printError(`warning: ${url} has no TLS: others on the network can read the API token and keys`);
  return { url, isLoopback };
}

/**
 * Returns the API token from the given file. Without a file, returns the setting ADMIN_TOKEN, or else the token in
 * DATA_DIR/admin-token. The token in DATA_DIR is for the local instance, so it is sent only to loopback addresses.
 * @throws CommandFailure if there is no API token.
 */
export async function findApiToken(
  given: string | undefined,
  { context, inputs, isLoopback }: { context: CommandContext; inputs: Inputs; isLoopback: boolean },
): Promise<ApiToken> {
  if (given !== undefined) {
    const source = given === '-' ? 'from standard input' : `from ${given}`;
    return tokenOf(await inputs.read(given, 'the API token'), source);
  }
  const { adminToken, dataDir } = loadSettings(context);
  if (adminToken !== undefined) return tokenOf(adminToken, 'ADMIN_TOKEN');
  const file = join(dataDir, 'admin-token');
  if (isLoopback && existsSync(file)) return tokenOf(readOwn(file), `from ${file}`);
  throw new CommandFailure(
    exitCodes.failed,
    'an API token is required',
    'Name a file that contains one with --api-token-file (- is standard input), or set ADMIN_TOKEN.',
    isLoopback
      ? `(${file} does not exist.)`
      : '(The token in DATA_DIR is only for the instance on this machine.)',
  );
}

function readOwn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFailure(exitCodes.failed, `cannot read ${file} (${code})`, 'Run it as its owner.');
  }
}

/** Throws if a token contains a character that a header must not contain. */
function tokenOf(content: string, source: string): ApiToken {
  const text = content.trim();
  if (/^[\x21-\x7e]{1,1000}$/.test(text)) return { text, source };
  throw new CommandFailure(exitCodes.usageError, `the API token (${source}) is empty or malformed`);
}

function ownUrl({ host, port }: Config): string {
  if (port === 0) throw new CommandFailure(exitCodes.usageError, 'PORT is 0: name the address with --url');
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${local.includes(':') ? `[${local}]` : local}:${port}`;
}

function checked(given: string): string {
  const isUrl = /^https?:\/\/[^\s?#@]+$/.test(given) && URL.canParse(given);
  if (isUrl) return given.replace(/\/+$/, '');
  throw new CommandFailure(
    exitCodes.usageError,
    '--url must be an http or https address without credentials, query and fragment',
    'For example http://127.0.0.1:8080 or https://watmeter.example.com',
  );
}
