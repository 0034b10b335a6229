import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '../../platform/clock.ts';
import { errorCodes } from '../../platform/error-codes.ts';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../tokens/findings.ts';
import { isObject } from '../../tokens/json-measure.ts';
import { openControl } from '../control.ts';
import { createTokenTools } from '../token-tools.ts';
import type { Command, CommandContext } from './command.ts';
import { loadConfig } from './config-check.ts';

/** All organisations: whoever runs commands on the control store has its master key. */
const everyOrganisation = undefined;

export const tokenGenerate: Command = {
  name: 'token generate',
  usage: 'watmeter token generate --configuration ID --public-key FILE --payload FILE',
  summary:
    'validate claims (JSON) and print a web access token; findings go to standard error (- is standard input, for one of the files)',
  async run(context) {
    const { values } = parseArgs({
      args: [...context.args],
      options: {
        configuration: { type: 'string' },
        'public-key': { type: 'string' },
        payload: { type: 'string' },
      },
    });
    const { configuration: configurationId, 'public-key': keyFile, payload: payloadFile } = values;
    if (!configurationId || !keyFile || !payloadFile || (keyFile === '-' && payloadFile === '-')) {
      context.printError(`usage: ${this.usage}`);
      return 2;
    }
    const publicKey = await readInput(keyFile, context);
    const payload = parsePayload(await readInput(payloadFile, context), payloadFile);
    return withTools(context, async ({ generator }) => {
      try {
        const request = { configurationId, publicKey, payload };
        const { token, findings } = await generator.generate(request, everyOrganisation);
        for (const line of findings.map(findingLine)) context.printError(line);
        context.print(token);
        return 0;
      } catch (error) {
        if (!(error instanceof AppError) || !isOfInput(error)) throw error;
        context.printError(errorCodes[error.code].title);
        for (const finding of findingsOf(error)) context.printError(findingLine(finding));
        return 1;
      }
    });
  },
};

export const tokenTest: Command = {
  name: 'token test',
  usage: 'watmeter token test [FILE] [--json]',
  summary:
    'open a web access token and validate it on all levels; exit code 1 when it is not valid (without FILE: standard input)',
  async run(context) {
    const { values, positionals } = parseArgs({
      args: [...context.args],
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [file = '-', ...more] = positionals;
    if (more.length > 0) {
      context.printError(`usage: ${this.usage}`);
      return 2;
    }
    const token = await readInput(file, context);
    return withTools(context, async ({ tester }) => {
      const result = await tester.test(token, everyOrganisation);
      if (values.json === true) context.print(JSON.stringify(result));
      else {
        context.print(result.valid ? 'valid' : 'not valid');
        for (const line of result.findings.map(findingLine)) context.print(line);
      }
      return result.valid ? 0 : 1;
    });
  },
};

/** What the caller can mend; the rest is trouble of the store. */
function isOfInput({ kind }: AppError): boolean {
  return kind === 'meaning' || kind === 'not_found';
}

function findingsOf({ members }: AppError): readonly Finding[] {
  return (members?.['findings'] ?? []) as readonly Finding[];
}

function findingLine({ level, path, severity, message, fix }: Finding): string {
  return `${severity}: ${level}: ${path || 'the payload'} ${message}. ${fix}`;
}

function readInput(file: string, { readStdin }: CommandContext): Promise<string> {
  return file === '-' ? readStdin() : readFile(file, 'utf8');
}

function parsePayload(text: string, file: string) {
  try {
    const payload: unknown = JSON.parse(text);
    if (isObject(payload)) return payload;
  } catch {
    // The parser's message may repeat the text.
  }
  throw new Error(`${file} holds no JSON object`);
}

async function withTools(
  context: CommandContext,
  work: (tools: ReturnType<typeof createTokenTools>) => Promise<number>,
): Promise<number> {
  const config = loadConfig(context);
  if (config === undefined) return 2;
  const control = await openControl(config, systemClock);
  try {
    return await work(createTokenTools(config, control, systemClock));
  } finally {
    await control.store.destroy();
  }
}
