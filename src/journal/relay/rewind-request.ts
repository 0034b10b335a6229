import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Files through which `watmeter relay rewind` and the gateway of a data directory communicate. The command writes a
 * request file. The gateway finds the file while it runs or at its next start, and writes a response file with the
 * number of events that it sends again.
 */
export interface RewindRequests {
  /** Writes a request for the gateway, and removes an old response. */
  request(): void;
  /** Returns whether there is a request, and removes it. */
  take(): boolean;
  /** Writes the response: the number of events. */
  answer(events: number): void;
  /** Returns the gateway's response and removes it. Returns undefined if there is no response yet. */
  takeAnswer(): number | undefined;
}

/** Creates the interface to the request and response files in a data directory. */
export function createRewindRequests(dataDir: string): RewindRequests {
  const request = join(dataDir, 'relay-rewind');
  const answer = join(dataDir, 'relay-rewind-answer');

  function takeFile(path: string): string | undefined {
    if (!existsSync(path)) return undefined;
    const text = readFileSync(path, 'utf8');
    unlinkSync(path);
    return text;
  }

  return {
    request() {
      takeFile(answer);
      writeFileSync(request, '', { mode: 0o600 });
    },
    take: () => takeFile(request) !== undefined,
    answer: (events) => writeFileSync(answer, `${events}\n`, { mode: 0o600 }),
    takeAnswer() {
      const text = takeFile(answer);
      return text === undefined || text === '' ? undefined : Number(text);
    },
  };
}
