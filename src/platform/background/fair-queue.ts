/** Limits how many tasks run at the same time and how many wait, and shares the slots fairly between keys. */
export interface FairQueue {
  /**
   * Waits for a slot, and resolves to the function that releases the slot.
   * @throws QueueFullError if the queue is full. However, if another key has at least two more waiting tasks than
   * this key, this task waits, and the newest task of the key with the most waiting tasks is rejected instead.
   */
  acquire(key: string): Promise<() => void>;
  running(): number;
  waiting(): number;
}

export interface FairQueueConfig {
  readonly maxRunning: number;
  readonly maxWaiting: number;
}

export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

interface Waiter {
  readonly start: () => void;
  readonly refuse: (error: QueueFullError) => void;
}

interface Line {
  running: number;
  readonly waiters: Waiter[];
}

/**
 * Creates a queue that gives the next slot to the key with the fewest running tasks. If several keys are equal, the
 * slot goes to the key that got its last slot longest ago. A key never has all slots, unless there is only one slot.
 */
export function createFairQueue({ maxRunning, maxWaiting }: FairQueueConfig): FairQueue {
  /** Running and waiting tasks by key. The key that got its last slot longest ago is first. */
  const lines = new Map<string, Line>();
  const mostOfKey = Math.max(maxRunning - 1, 1);
  let running = 0;
  let waiting = 0;

  function lineOf(key: string): Line {
    const line = lines.get(key) ?? { running: 0, waiters: [] };
    lines.set(key, line);
    return line;
  }

  function start(key: string, line: Line, waiter: Waiter): void {
    running += 1;
    line.running += 1;
    lines.delete(key);
    lines.set(key, line);
    waiter.start();
  }

  function startNext(): void {
    while (running < maxRunning) {
      const next = nextLine(lines, mostOfKey);
      const waiter = next?.[1].waiters.shift();
      if (next === undefined || waiter === undefined) return;
      waiting -= 1;
      start(...next, waiter);
    }
  }

  function makeRoom(line: Line): boolean {
    if (waiting < maxWaiting) return true;
    const longest = longestLine(lines);
    if (longest.waiters.length <= line.waiters.length + 1) return false;
    longest.waiters.pop()?.refuse(new QueueFullError());
    waiting -= 1;
    return true;
  }

  function releaseOf(key: string, line: Line): () => void {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      running -= 1;
      line.running -= 1;
      startNext();
      if (line.running === 0 && line.waiters.length === 0) lines.delete(key);
    };
  }

  return {
    running: () => running,
    waiting: () => waiting,
    acquire(key) {
      const line = lineOf(key);
      return new Promise((resolve, reject) => {
        const waiter = { start: () => resolve(releaseOf(key, line)), refuse: reject };
        if (running < maxRunning && line.running < mostOfKey && line.waiters.length === 0) {
          start(key, line, waiter);
          return;
        }
        if (!makeRoom(line)) {
          if (line.running === 0 && line.waiters.length === 0) lines.delete(key);
          reject(new QueueFullError());
          return;
        }
        line.waiters.push(waiter);
        waiting += 1;
      });
    },
  };
}

function longestLine(lines: ReadonlyMap<string, Line>): Line {
  return [...lines.values()].reduce((one, other) =>
    other.waiters.length > one.waiters.length ? other : one,
  );
}

/**
 * Returns the key whose task gets the next slot, and the tasks of the key. Returns undefined if no task may start.
 */
function nextLine(
  lines: ReadonlyMap<string, Line>,
  mostOfKey: number,
): [key: string, line: Line] | undefined {
  let next: [string, Line] | undefined;
  for (const [key, line] of lines) {
    if (line.waiters.length === 0 || line.running >= mostOfKey) continue;
    if (next === undefined || line.running < next[1].running) next = [key, line];
  }
  return next;
}
