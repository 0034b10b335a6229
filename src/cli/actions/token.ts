import { isObject, type JsonObject } from '../../tokens/claims/json-size.ts';
import type { Finding } from '../../tokens/validation/findings.ts';
import { type ApiOptions, openApi } from '../api/api-session.ts';
import { findingLine } from '../output/finding-text.ts';
import { quoted } from '../output/terminal-text.ts';
import type { CommandContext } from '../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../support/command-failure.ts';
import { placeOfJsonFault } from '../support/json-fault.ts';

export interface GenerateOptions extends ApiOptions {
  readonly configuration: string;
  readonly publicKey: string;
  readonly payload: string;
}

/** Validates claims and prints a web access token with them. Findings go to standard error. */
export async function generateToken(context: CommandContext, options: GenerateOptions): Promise<ExitCode> {
  const { api, inputs, show } = await openApi(options, context);
  const publicKey = await inputs.read(options.publicKey, 'the public key');
  const payload = parsePayload(await inputs.read(options.payload, 'the payload'), options.payload);
  const body = { configurationId: options.configuration, publicKey, payload };
  const answer = (await api.call('POST', '/api/v1/web-access-tokens/generate', body)) as {
    token: string;
    findings: Finding[];
  };
  for (const finding of answer.findings) context.printError(findingLine(finding));
  show(answer, () => [answer.token]);
  return exitCodes.done;
}

/** Prints whether a web access token is valid, and its findings. Fails if the token is not valid. */
export async function testToken(
  context: CommandContext,
  file: string,
  options: ApiOptions,
): Promise<ExitCode> {
  const { api, inputs, show } = await openApi(options, context);
  const token = await inputs.read(file, 'the token');
  const result = (await api.call('POST', '/api/v1/web-access-tokens/test', { token })) as {
    valid: boolean;
    findings: Finding[];
  };
  show(result, () => [result.valid ? 'valid' : 'not valid', ...result.findings.map(findingLine)]);
  return result.valid ? exitCodes.done : exitCodes.failed;
}

function parsePayload(text: string, file: string): JsonObject {
  const source = file === '-' ? 'standard input' : quoted(file);
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    // The parser's error message may contain the payload, so it is not shown.
    throw new CommandFailure(
      exitCodes.failed,
      `the payload in ${source} is not JSON: see ${placeOfJsonFault(text)}`,
    );
  }
  if (isObject(payload)) return payload;
  throw new CommandFailure(exitCodes.failed, `the payload in ${source} is not a JSON object`);
}
