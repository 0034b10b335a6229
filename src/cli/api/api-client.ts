import { isObject, type JsonObject } from '../../tokens/claims/json-size.ts';
import type { Finding } from '../../tokens/validation/findings.ts';
import { findingLine } from '../output/finding-text.ts';
import { quoted } from '../output/terminal-text.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';

/** The HTTP API of a running instance, for commands. */
export interface ApiClient {
  /**
   * Resolves to the body of a success; `undefined` where it has none.
   * @throws CommandFailure that says what to do.
   */
  call(method: string, path: string, body?: object): Promise<unknown>;
}

export interface ApiClientConfig {
  /** Without a slash at its end. */
  readonly url: string;
  readonly apiToken: string;
  /** Where the API token comes from, to be named in errors. */
  readonly tokenSource: string;
  /** Is told, once a call, when the answer takes long. */
  readonly onSlow: () => void;
}

const timeoutMs = 60_000;
const slowMs = 2000;

export function createApiClient({ url, apiToken, tokenSource, onSlow }: ApiClientConfig): ApiClient {
  async function send(method: string, path: string, body: object | undefined): Promise<Response> {
    const slow = setTimeout(onSlow, slowMs);
    try {
      return await fetch(url + path, {
        method,
        // The API token is for this address and no other.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          authorization: `Bearer ${apiToken}`,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw unreachable(url, error);
    } finally {
      clearTimeout(slow);
    }
  }

  return {
    async call(method, path, body) {
      const response = await send(method, path, body);
      const answer = await readJson(response);
      if (response.status === 204) return undefined;
      if (response.ok && answer !== undefined) return answer;
      if (isObject(answer) && typeof answer['code'] === 'string') throw refusal(answer, tokenSource);
      throw new CommandFailure(
        exitCodes.notAsked,
        `what answers at ${url} is not watmeter (status ${response.status})`,
        'Give the address of watmeter itself with --url.',
      );
    },
  };
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch {
    return undefined;
  }
}

function unreachable(url: string, error: unknown): CommandFailure {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
  const reason = isTimeout ? `not within ${timeoutMs / 1000} s` : typeof code === 'string' ? code : 'no HTTP';
  return new CommandFailure(
    exitCodes.notAsked,
    `watmeter does not answer at ${url} (${reason})`,
    'Start it, or give the address of a running one with --url.',
  );
}

/** What the server does not know: how the command line mends it. */
const hints: Readonly<Record<string, string>> = {
  unauthenticated:
    'Generate a new one (docs/reference/api-tokens.md); on the machine of the instance: watmeter admin-token renew',
  insufficient_scope: 'Give an API token that has it with --api-token-file.',
  configuration_not_found: 'See which there are: watmeter token configurations list',
  invalid_public_key:
    'Give the newest key file of this configuration. Is it lost? watmeter token configurations rotate makes another.',
};

/** What the server says is said beside the hint: which scope it is. */
const isMoreExact = (code: string) => hints[code] === undefined || code === 'insufficient_scope';

/** Problems of access and of the server are no answer to what was asked. */
const noAnswer = [401, 403, 408, 429];

function refusal(problem: JsonObject, tokenSource: string): CommandFailure {
  const { title, detail, status, code, errors, findings } = problem;
  const isAnswer = typeof status === 'number' && status < 500 && !noAnswer.includes(status);
  const told = Array.isArray(findings) ? (findings as Finding[]).map(findingLine) : faultLines(errors);
  const lines = [
    code === 'unauthenticated' ? `the API token (${tokenSource}) is not valid` : String(title),
    ...(typeof detail === 'string' && told.length === 0 && isMoreExact(String(code)) ? [detail] : []),
    ...told,
    ...[hints[String(code)] ?? []].flat(),
  ];
  return new CommandFailure(isAnswer ? exitCodes.refused : exitCodes.notAsked, ...lines.map(quoted));
}

function faultLines(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return (errors as { path: string; message: string }[]).map(({ path, message }) =>
    `${path} ${message}`.trim(),
  );
}
