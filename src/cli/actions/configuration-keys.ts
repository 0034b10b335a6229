import { toFileName } from '../../platform/files/file-names.ts';
import { parseInstant } from '../../platform/instants.ts';
import { duration } from '../../platform/settings/setting-types.ts';
import { type ApiOptions, type ApiSession, openApi } from '../api/api-session.ts';
import { quoted } from '../output/terminal-text.ts';
import { type ConfigurationAnswer, configurationsPath, named, pathOf } from '../output/token-answers.ts';
import type { CommandContext } from '../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../support/command-failure.ts';
import { reserveKeyFile } from '../support/command-files.ts';

export interface CreateOptions extends ApiOptions {
  readonly keyFile?: string;
}

export interface RotateOptions extends CreateOptions {
  readonly acceptOldUntil: string;
}

type KeyAnswer = ConfigurationAnswer & { readonly publicKey: string };

/** Creates a token configuration and writes its public key to a file. */
export async function createConfiguration(
  context: CommandContext,
  name: string,
  options: CreateOptions,
): Promise<ExitCode> {
  const session = await openApi(options, context);
  return keepKey(session, context, {
    file: keyFileOf(options, name),
    send: () => session.api.call('POST', configurationsPath, { name }),
    describe: (created) => `created ${named(created)}`,
  });
}

/** Rotates the key of a token configuration and writes the new public key to a file. */
export async function rotateKey(
  context: CommandContext,
  id: string,
  options: RotateOptions,
): Promise<ExitCode> {
  const acceptOldUntil = instantOf(options.acceptOldUntil, Date.now());
  const session = await openApi(options, context);
  const { name } = (await session.api.call('GET', pathOf(id))) as ConfigurationAnswer;
  return keepKey(session, context, {
    file: keyFileOf(options, name),
    send: () => session.api.call('POST', `${pathOf(id)}/rotate`, { acceptOldUntil }),
    describe: (rotated) => `rotated ${named(rotated)}: ${olderKeysText(acceptOldUntil, Date.now())}`,
  });
}

/**
 * Returns the text that says how long older keys are accepted. An earlier rotation may have set an earlier time for
 * some of them.
 */
function olderKeysText(acceptOldUntil: string, nowMs: number): string {
  const untilMs = parseInstant(acceptOldUntil) ?? nowMs;
  if (untilMs <= nowMs) return 'no older key is accepted';
  return `older keys are accepted until ${acceptOldUntil} at the latest`;
}

function keyFileOf({ keyFile }: CreateOptions, name: string): string {
  return keyFile ?? `${toFileName(name, 'configuration')}.pub`;
}

interface KeyRequest {
  readonly file: string;
  send(): Promise<unknown>;
  /** Returns the line that reports success. */
  describe(answer: KeyAnswer): string;
}

/**
 * Creates the key file, then sends the request that returns the key. In the reverse order, a key could be lost if the
 * file cannot be created, because the API returns a key only once.
 */
async function keepKey(
  { show }: ApiSession,
  { printError }: CommandContext,
  { file, send, describe }: KeyRequest,
): Promise<ExitCode> {
  if (file === '-') {
    const answer = (await send()) as KeyAnswer;
    printError(describe(answer));
    show(answer, () => [answer.publicKey.trimEnd()]);
    return exitCodes.done;
  }
  const reserved = await reserveKeyFile(file);
  const answer = (await send().catch(async (error: unknown) => {
    await reserved.discard();
    throw error;
  })) as KeyAnswer;
  const { publicKey, ...shown } = answer;
  await reserved.write(publicKey);
  show({ ...shown, keyFile: file }, () => [
    describe(answer),
    `its public key is in ${quoted(file)}: keep it secret, because it creates tokens`,
  ]);
  return exitCodes.done;
}

const yearMs = 366 * 86_400_000;

function instantOf(given: string, nowMs: number): string {
  if (given === 'now') return new Date(nowMs).toISOString();
  if (parseInstant(given) !== undefined) return given;
  try {
    return new Date(nowMs + duration(0, 10 * yearMs).parse(given)).toISOString();
  } catch {
    throw new CommandFailure(
      exitCodes.usageError,
      '--accept-old-until must say how long older keys are accepted',
      'An instant such as 2026-12-01T00:00:00Z, a time from now such as 12h or 30d, or now.',
    );
  }
}
