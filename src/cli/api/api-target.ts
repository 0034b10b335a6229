import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/settings.ts';
import { loadConfig } from '../commands/config-check.ts';
import type { CommandContext } from '../support/command.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';
import type { Inputs } from '../support/command-files.ts';

export interface ApiToken {
  readonly text: string;
  /** Named in errors. */
  readonly source: string;
}

/** The instance to ask: the one given, else the one that the settings describe, on this machine. */
export function findUrl(
  given: string | undefined,
  context: CommandContext,
): { url: string; isLoopback: boolean } {
  const url = given === undefined ? ownUrl(configOf(context)) : checked(given);
  const { protocol, hostname } = new URL(url);
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol === 'http:' && !isLoopback)
    context.printError(`warning: ${url} is without TLS: API token and keys can be read on the way`);
  return { url, isLoopback };
}

/**
 * The API token: from the file given, else the setting ADMIN_TOKEN, else the file that the first start has made. That
 * one is the key to this machine's instance: it is never sent to another machine.
 */
export async function findApiToken(
  file: string | undefined,
  { context, inputs, isLoopback }: { context: CommandContext; inputs: Inputs; isLoopback: boolean },
): Promise<ApiToken> {
  if (file !== undefined) {
    const source = file === '-' ? 'from standard input' : `from ${file}`;
    return tokenOf(await inputs.read(file, 'the API token'), source);
  }
  const { adminToken, dataDir } = configOf(context);
  if (adminToken !== undefined) return tokenOf(adminToken, 'ADMIN_TOKEN');
  const made = join(dataDir, 'admin-token');
  if (isLoopback && existsSync(made)) return tokenOf(readOwn(made), `from ${made}`);
  throw new CommandFailure(
    exitCodes.notAsked,
    'an API token is needed',
    'Name a file that holds one with --api-token-file (- is standard input), or set ADMIN_TOKEN.',
    isLoopback
      ? `(${made}, which a first start makes where nobody is at a terminal, is not there.)`
      : '(The one in DATA_DIR is for the instance on this machine only.)',
  );
}

function readOwn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFailure(exitCodes.notAsked, `cannot read ${file} (${code})`, 'Run it as its owner.');
  }
}

/** What goes into a header, and nothing else. */
function tokenOf(content: string, source: string): ApiToken {
  const text = content.trim();
  if (/^[\x21-\x7e]{1,1000}$/.test(text)) return { text, source };
  throw new CommandFailure(exitCodes.calledWrongly, `there is no API token in what was read ${source}`);
}

function configOf(context: CommandContext): Config {
  const config = loadConfig(context);
  if (config === undefined)
    throw new CommandFailure(exitCodes.calledWrongly, 'the settings say neither where to ask nor as whom');
  return config;
}

function ownUrl({ host, port }: Config): string {
  if (port === 0)
    throw new CommandFailure(exitCodes.calledWrongly, 'PORT is 0: say where it listens with --url');
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${local.includes(':') ? `[${local}]` : local}:${port}`;
}

function checked(given: string): string {
  const isUrl = /^https?:\/\/[^\s?#@]+$/.test(given) && URL.canParse(given);
  if (isUrl) return given.replace(/\/+$/, '');
  throw new CommandFailure(
    exitCodes.calledWrongly,
    '--url must be an http or https address without credentials, query and fragment',
    'Such as http://127.0.0.1:8080 or https://watmeter.example.com',
  );
}
