import { isObject, type JsonObject } from '../../tokens/claims/json-size.ts';
import type { Finding } from '../../tokens/validation/findings.ts';
import { findingLine } from '../output/finding-text.ts';
import { quoted } from '../output/terminal-text.ts';
import { CommandFailure, exitCodes } from '../support/command-failure.ts';

/** Calls the HTTP API of a running instance for a command. */
export interface ApiClient {
  /**
   * Resolves to the body of a successful response, or to undefined if the response has no body.
   * @throws CommandFailure with the reason and what to do.
   */
  call(method: string, path: string, body?: object): Promise<unknown>;
}

/**
 * Thrown for a problem document. A command can use `faults`, its validation errors, to write its own error message.
 */
export class ApiProblem extends CommandFailure {
  readonly faults: readonly { readonly path: string; readonly message: string }[];

  constructor(faults: ApiProblem['faults'], lines: readonly string[]) {
    super(exitCodes.failed, ...lines);
    this.faults = faults;
  }
}

export interface ApiClientConfig {
  /** Address of the instance, without a trailing slash. */
  readonly url: string;
  readonly apiToken: string;
  /** Source of the API token. Error messages contain it. */
  readonly tokenSource: string;
  /** Called once for each request that takes longer than 2 s. */
  readonly onSlow: () => void;
}

const timeoutMs = 60_000;
const slowMs = 2000;

/** Creates a client that sends requests to one address with one API token. */
export function createApiClient({ url, apiToken, tokenSource, onSlow }: ApiClientConfig): ApiClient {
  async function send(method: string, path: string, body: object | undefined): Promise<Response> {
    const slow = setTimeout(onSlow, slowMs);
    try {
      return await fetch(url + path, {
        method,
        // Following a redirect would send the API token to another address.
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
        exitCodes.failed,
        `the server at ${url} is not watmeter (status ${response.status})`,
        'Name the address of watmeter with --url.',
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
  const reason = isTimeout
    ? `no answer within ${timeoutMs / 1000} s`
    : typeof code === 'string'
      ? code
      : 'not an HTTP server';
  return new CommandFailure(
    exitCodes.failed,
    `watmeter does not answer at ${url} (${reason})`,
    'Start it, or name the address of a running instance with --url.',
  );
}

/**
 * Advice for users of the command line, by error code. It replaces the server's advice, because the server does not
 * know the commands.
 */
const hints: Readonly<Record<string, string>> = {
  unauthenticated:
    'Generate a new one (docs/reference/api-tokens.md); on the machine of the instance: npx watmeter admin-token renew',
  insufficient_scope: 'Name an API token with this scope with --api-token-file.',
  configuration_not_found: 'List them: npx watmeter token configurations list',
  invalid_public_key:
    'Use the newest key file of this configuration. If it is lost, create a new key: npx watmeter token configurations rotate',
};

/**
 * Returns whether to print the server's detail. If there is a hint, the detail is printed only for
 * `insufficient_scope`, because it contains the missing scope.
 */
const isMoreExact = (code: string) => hints[code] === undefined || code === 'insufficient_scope';

function refusal(problem: JsonObject, tokenSource: string): CommandFailure {
  const { title, detail, code, errors, findings } = problem;
  const reasons = Array.isArray(findings) ? (findings as Finding[]).map(findingLine) : faultLines(errors);
  const lines = [
    code === 'unauthenticated' ? `the API token (${tokenSource}) is not valid` : String(title),
    ...(typeof detail === 'string' && reasons.length === 0 && isMoreExact(String(code)) ? [detail] : []),
    ...reasons,
    ...[hints[String(code)] ?? []].flat(),
  ];
  const faults = Array.isArray(errors) ? (errors as ApiProblem['faults']) : [];
  return new ApiProblem(faults, lines.map(quoted));
}

function faultLines(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return (errors as { path: string; message: string }[]).map(({ path, message }) =>
    `${path} ${message}`.trim(),
  );
}
