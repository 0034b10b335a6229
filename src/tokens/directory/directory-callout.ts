import { Ajv } from 'ajv';
import { type Static, Type } from 'typebox';
import type { Directory, DirectoryAnswer, DirectoryQuestion } from './directory.ts';

export interface DirectoryCalloutConfig {
  readonly url: string;
  /** Secret that watmeter sends as a Bearer token. */
  readonly token: string | undefined;
  readonly timeoutMs: number;
}

/** Maximum response size in bytes. */
export const maxAnswerBytes = 1024 ** 2;

const Answer = Type.Object({
  subject: Type.Boolean(),
  resources: Type.Array(
    Type.Object({ id: Type.String(), dataSources: Type.Optional(Type.Array(Type.String())) }),
  ),
});

/**
 * Creates a directory that looks up viewers and resources with one POST request to the application
 * (docs/reference/tokens.md). Time and response size are limited. Every failure is reported as "not checked", so that
 * a token test does not fail because of the directory.
 */
export function createDirectoryCallout(config: DirectoryCalloutConfig): Directory {
  const isAnswer = new Ajv().compile<Static<typeof Answer>>(Answer);

  async function post(question: DirectoryQuestion): Promise<unknown> {
    const response = await fetch(config.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(config.token !== undefined && { authorization: `Bearer ${config.token}` }),
      },
      body: JSON.stringify(question),
      // Following a redirect would send the Bearer token to another address.
      redirect: 'error',
      signal: AbortSignal.timeout(config.timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new UnusableAnswer(`it answered with status ${response.status}`);
    }
    return JSON.parse(await readBounded(response));
  }

  return {
    async ask(question) {
      try {
        const answer = await post(question);
        if (isAnswer(answer)) return toAnswer(answer);
        return unchecked('its response does not have the form in docs/reference/tokens.md');
      } catch (error) {
        return unchecked(reasonOf(error));
      }
    },
  };
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    // Throwing ends the loop, which closes the connection.
    if (bytes > maxAnswerBytes) throw new UnusableAnswer(`its answer is longer than ${maxAnswerBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function toAnswer({ subject, resources }: Static<typeof Answer>): DirectoryAnswer {
  return {
    subject: subject ? 'known' : 'unknown',
    resources: new Map(resources.map(({ id, dataSources = [] }) => [id, dataSources])),
  };
}

class UnusableAnswer extends Error {}

/** Maps a failure to a fixed text. The error's own message may contain addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof UnusableAnswer) return error.message;
  if (error instanceof SyntaxError) return 'its response is not JSON';
  if (error instanceof Error && error.name === 'TimeoutError') return 'it did not respond in time';
  return 'it cannot be reached';
}

function unchecked(reason: string): DirectoryAnswer {
  const part = {
    unchecked: `the directory was asked, but ${reason}`,
    fix: 'Check DIRECTORY_URL and the service at that address.',
  };
  return { subject: part, resources: part };
}
