import { isObject } from '../../tokens/claims/json-size.ts';
import type { Finding } from '../../tokens/validation/findings.ts';
import { apiCommand } from '../api/api-command.ts';
import { findingLine } from '../output/finding-text.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';

export const tokenGenerate = apiCommand({
  name: 'token generate',
  usage: 'watmeter token generate --configuration ID --public-key FILE --payload FILE',
  summary:
    'validate claims (JSON) and print a web access token; findings go to standard error (- is standard input, for one of the files)',
  options: {
    configuration: { type: 'string' },
    'public-key': { type: 'string' },
    payload: { type: 'string' },
  },
  words: 0,
  async run({ api, values, inputs, context, show }) {
    const { configuration: configurationId, 'public-key': keyFile, payload: payloadFile } = values;
    if (!configurationId || !keyFile || !payloadFile)
      throw new CommandFailure(exitCodes.calledWrongly, 'something is missing', `usage: ${this.usage}`);
    const publicKey = await inputs.read(keyFile, 'the public key');
    const payload = parsePayload(await inputs.read(payloadFile, 'the payload'));
    const body = { configurationId, publicKey, payload };
    const made = (await api.call('POST', '/api/v1/web-access-tokens/generate', body)) as {
      token: string;
      findings: Finding[];
    };
    for (const finding of made.findings) context.printError(findingLine(finding));
    show(made, () => [made.token]);
    return exitCodes.done;
  },
});

export const tokenTest = apiCommand({
  name: 'token test',
  usage: 'watmeter token test [FILE]',
  summary:
    'open a web access token and validate it on all levels; exit code 1 when it is not valid (without FILE: standard input)',
  words: { atLeast: 0, atMost: 1 },
  async run({ api, positionals: [file = '-'], inputs, show }) {
    const token = await inputs.read(file, 'the token');
    const result = (await api.call('POST', '/api/v1/web-access-tokens/test', { token })) as {
      valid: boolean;
      findings: Finding[];
    };
    show(result, () => [result.valid ? 'valid' : 'not valid', ...result.findings.map(findingLine)]);
    return result.valid ? exitCodes.done : exitCodes.refused;
  },
});

function parsePayload(text: string) {
  try {
    const payload: unknown = JSON.parse(text);
    if (isObject(payload)) return payload;
  } catch {
    // The parser's message may repeat the text.
  }
  throw new CommandFailure(exitCodes.refused, 'the payload is not a JSON object');
}
