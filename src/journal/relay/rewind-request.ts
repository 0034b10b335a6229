import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How `watmeter relay rewind` reaches the gateway that has the data directory, running or not: by a file in it. The
 * gateway answers by writing how many events it sends again.
 */
export interface RewindRequests {
  /** Leaves a request for the gateway. */
  request(): void;
  /** Whether one is there; it is taken away. */
  take(): boolean;
  answer(events: number): void;
  /** The gateway's answer, once; undefined while there is none. */
  takeAnswer(): number | undefined;
}

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
