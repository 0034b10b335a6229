import { duration } from '../../config/setting-types.ts';
import { toFileName } from '../../platform/files/file-names.ts';
import { parseInstant } from '../../platform/instants.ts';
import { type ApiCall, apiCommand } from '../api/api-command.ts';
import { quoted } from '../output/terminal-text.ts';
import { type ConfigurationAnswer, configurationsPath, named, pathOf } from '../output/token-answers.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';
import { reserveKeyFile } from '../support/command-files.ts';

const keyFile = { 'key-file': { type: 'string' } } as const;

type Keyed = ConfigurationAnswer & { readonly publicKey: string };

export const configurationsCreate = apiCommand({
  name: 'token configurations create',
  usage: 'watmeter token configurations create NAME [--key-file FILE]',
  summary:
    'make a token configuration; its public key, which makes tokens and is shown this once, goes into FILE (NAME.pub; mode 0600; - is standard output)',
  options: keyFile,
  words: 1,
  async run(call) {
    const [name = ''] = call.positionals;
    const send = () => call.api.call('POST', configurationsPath, { name });
    return keepKey(call, { name, send, told: (made) => `created ${named(made)}` });
  },
});

export const configurationsRotate = apiCommand({
  name: 'token configurations rotate',
  usage: 'watmeter token configurations rotate ID --accept-old-until WHEN [--key-file FILE]',
  summary:
    'make a new key for a configuration; tokens of older keys are accepted until WHEN: an instant such as 2026-12-01T00:00:00Z, a time from now such as 12h or 30d, or now. The key goes into FILE as with create',
  options: { ...keyFile, 'accept-old-until': { type: 'string' } },
  words: 1,
  async run(call) {
    const [id = ''] = call.positionals;
    const acceptOldUntil = instantOf(call.values['accept-old-until'], Date.now());
    const { name } = (await call.api.call('GET', pathOf(id))) as ConfigurationAnswer;
    const send = () => call.api.call('POST', `${pathOf(id)}/rotate`, { acceptOldUntil });
    const told = (made: Keyed) => `rotated ${named(made)}: older keys are accepted until ${acceptOldUntil}`;
    return keepKey(call, { name, send, told });
  },
});

/** Has a place for the key before it is made, since it is shown only once. */
async function keepKey(
  call: Pick<ApiCall<typeof keyFile>, 'values' | 'context' | 'show'>,
  { name, send, told }: { name: string; send(): Promise<unknown>; told(made: Keyed): string },
): Promise<number> {
  const file = call.values['key-file'] ?? `${toFileName(name, 'configuration')}.pub`;
  if (file === '-') {
    const made = (await send()) as Keyed;
    call.context.printError(told(made));
    call.show(made, () => [made.publicKey.trimEnd()]);
    return exitCodes.done;
  }
  const reserved = await reserveKeyFile(file);
  const made = await send().catch(async (error: unknown) => {
    await reserved.discard();
    throw error;
  });
  const { publicKey, ...shown } = made as Keyed;
  await reserved.write(publicKey);
  call.show({ ...shown, keyFile: file }, () => [
    told(made as Keyed),
    `its public key is in ${quoted(file)}: keep it secret, it makes tokens`,
  ]);
  return exitCodes.done;
}

const yearMs = 366 * 86_400_000;

function instantOf(text: string | undefined, nowMs: number): string {
  if (text === 'now') return new Date(nowMs).toISOString();
  const given = text ?? '';
  if (parseInstant(given) !== undefined) return given;
  try {
    return new Date(nowMs + duration(0, 10 * yearMs).parse(given)).toISOString();
  } catch {
    throw new CommandFailure(
      exitCodes.calledWrongly,
      '--accept-old-until must say how long older keys are accepted',
      'An instant such as 2026-12-01T00:00:00Z, a time from now such as 12h or 30d, or now.',
    );
  }
}
