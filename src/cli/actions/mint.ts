import { isObject } from '../../tokens/claims/json-size.ts';
import { mintToken } from '../../tokens/issuing/mint.ts';
import type { CommandContext } from '../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../support/command-failure.ts';
import { createInputs } from '../support/command-files.ts';

export interface MintOptions {
  readonly configuration: string;
  readonly sub: string;
  readonly tag?: readonly string[];
  readonly expiresIn?: number;
  readonly bare?: true;
}

/** Creates a web access token with a public key and prints it. */
export async function mint(context: CommandContext, options: MintOptions): Promise<ExitCode> {
  const { configuration: file, sub, tag, expiresIn, bare } = options;
  const { id, publicKey } = readKey(await createInputs(context).read(file, 'the configuration'), file);
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    sub,
    iat,
    ...(expiresIn !== undefined && { exp: iat + expiresIn }),
    ...(tag !== undefined && { trc: tag }),
  };
  const token = await mintToken({ configurationId: id, publicKeyPem: publicKey, claims });
  context.print(bare ? token : JSON.stringify({ webAccessToken: token }));
  return exitCodes.done;
}

function readKey(text: string, file: string): { id: string; publicKey: string } {
  const answer = parse(text);
  if (isObject(answer)) {
    const { id, publicKey } = answer;
    if (typeof id === 'string' && typeof publicKey === 'string') return { id, publicKey };
  }
  throw new CommandFailure(
    exitCodes.failed,
    `${file} does not contain an id and a publicKey`,
    'Use the response of the API call that created the configuration, or the output of: npx watmeter token configurations create NAME --key-file - --json',
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error message may contain the key, so it is not shown.
    return undefined;
  }
}
