import { type ApiOptions, type ApiSession, openApi } from '../../api/api-session.ts';
import { tableLines } from '../../output/table.ts';
import { quoted } from '../../output/terminal-text.ts';
import type { CommandContext } from '../../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../../support/command-failure.ts';

const path = '/api/v1/usage/viewers/forget';

interface ForgetRequest {
  readonly id: string;
  readonly organisationId: string;
  readonly requestedAt: string;
  readonly state: string;
  readonly goneBy: string;
}

interface ForgottenViewer extends ForgetRequest {
  readonly deleted: Readonly<Record<'directoryEntries' | 'revocations' | 'storedClaims', number>>;
}

export interface ForgetOptions extends ApiOptions {
  readonly organisation?: string;
}

/**
 * Forgets the viewer whose subject is in the file. Without a file, the command prompts for the subject. The subject is
 * never an argument of the command line, because other users of the machine can read arguments.
 */
export async function forgetViewer(
  context: CommandContext,
  file: string | undefined,
  options: ForgetOptions,
): Promise<ExitCode> {
  const { api, inputs, show } = await openApi(options, context);
  const subject = await readSubject(context, inputs, file);
  const { organisation } = options;
  const body = { subject, ...(organisation !== undefined && { organisationId: organisation }) };
  const answer = (await api.call('POST', path, body)) as ForgottenViewer;
  const { directoryEntries, revocations, storedClaims } = answer.deleted;
  show(answer, () => [
    `Request ${answer.id}: no trace of the viewer is left by ${answer.goneBy}.`,
    `Deleted: ${directoryEntries} directory entries, ${revocations} revocations, ${storedClaims} stored claims.`,
    ...(revocations > 0 ? ['Tokens of the viewer that these revocations covered are valid again.'] : []),
  ]);
  return exitCodes.done;
}

async function readSubject(
  { ask }: CommandContext,
  inputs: ApiSession['inputs'],
  file: string | undefined,
): Promise<string> {
  if (file === undefined && ask === undefined)
    throw new CommandFailure(
      exitCodes.usageError,
      'name a file that contains the viewer, or - for standard input',
    );
  const text =
    file === undefined ? await ask?.('Viewer (sub of the tokens): ') : await inputs.read(file, 'the viewer');
  const subject = (text ?? '').replace(/\r?\n$/, '');
  if (subject === '') throw new CommandFailure(exitCodes.usageError, 'the viewer is empty');
  return subject;
}

/** Prints all requests to forget viewers, newest first. */
export async function listForgetRequests(context: CommandContext, options: ApiOptions): Promise<ExitCode> {
  const { api, show } = await openApi(options, context);
  const items: ForgetRequest[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = (await api.call('GET', `${path}?limit=500${query}`)) as {
      items: ForgetRequest[];
      nextCursor: string | null;
    };
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  show({ items }, () =>
    items.length === 0
      ? ['No viewer was forgotten.']
      : tableLines(
          items.map(({ id, organisationId, requestedAt, state, goneBy }) => [
            id,
            quoted(organisationId),
            requestedAt,
            state,
            `gone by ${goneBy}`,
          ]),
        ),
  );
  return exitCodes.done;
}
