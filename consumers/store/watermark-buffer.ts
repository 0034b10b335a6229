import type { Watermark } from '../../src/events/watermark.ts';
import { reasonOf } from '../../src/platform/errors/errors.ts';
import { createLimitedLog } from '../../src/platform/limited-log.ts';
import type { Logger } from '../../src/platform/logger.ts';

export interface WatermarkBufferConfig {
  /** How long a watermark waits for other watermarks, so that they share an insert. */
  readonly flushMs: number;
}

export interface WatermarkBufferDeps {
  /** Stores watermarks. Durable when the promise resolves. */
  readonly insert: (watermarks: readonly Watermark[]) => Promise<void>;
  readonly logger: Logger;
}

/** Collects the watermarks of all partitions of a process, so that few inserts are needed. */
export interface WatermarkBuffer {
  /**
   * Adds watermarks to the next insert. If one of them is final, resolves after the insert. Otherwise resolves
   * immediately.
   * @throws the error of the insert, if a watermark is final.
   */
  write(watermarks: readonly Watermark[]): Promise<void>;
  /** Stores the waiting watermarks. */
  stop(): Promise<void>;
}

/** Creates the buffer. One insert runs at a time. The watermarks of a failed insert wait for the next one. */
export function createWatermarkBuffer(
  config: WatermarkBufferConfig,
  deps: WatermarkBufferDeps,
): WatermarkBuffer {
  const log = createLimitedLog(deps.logger, { level: 'warn' });
  let waiting = new Map<string, Watermark>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  async function insertWaiting(): Promise<void> {
    const taken = waiting;
    waiting = new Map();
    if (taken.size === 0) return;
    try {
      await deps.insert([...taken.values()]);
    } catch (error) {
      // The watermarks stay in the buffer for the next insert, because another partition may be waiting for them.
      waiting = new Map([...taken, ...waiting]);
      throw error;
    }
  }

  /** Inserts after the running insert. The result rejects if the insert fails. */
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const flushed = running.then(insertWaiting);
    running = flushed.then(log.end, (error) => {
      log.write(
        'watermarks',
        { reason: reasonOf(error) },
        'watermarks could not be stored; the next insert retries',
      );
    });
    return flushed;
  }

  return {
    async write(watermarks) {
      for (const watermark of watermarks)
        waiting.set(`${watermark.partition}/${watermark.producer}/${watermark.final}`, watermark);
      if (watermarks.some(({ final }) => final)) await flush();
      else timer ??= setTimeout(() => void flush().catch(() => {}), config.flushMs);
    },
    async stop() {
      await flush().catch(() => {});
      await running;
    },
  };
}
