import type { Logger } from './logger.ts';

/** A log that writes a repeated line at most once per period. */
export interface LimitedLog {
  /**
   * Writes a line, unless a line with the same key was written less than a period ago. The first line after the
   * period has the field `repeats`, the number of lines that were not written.
   *
   * @param key identifies the condition, for example the reason for a failure. A line with a new key is written
   * immediately.
   */
  write(key: string, fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Records that the condition has ended, so that the next line is written immediately. */
  end(): void;
}

export interface LimitedLogConfig {
  readonly level: 'warn' | 'error';
  /** Length of the period. Default: 10 minutes. */
  readonly periodMs?: number;
}

/** Maximum number of remembered keys. If there are more, the oldest key is forgotten. */
const maxKeys = 100;
const tenMinutesMs = 600_000;

interface WrittenLine {
  readonly atMs: number;
  repeats: number;
}

/** Creates a log that writes a line immediately, and its repetitions at most once per period. */
export function createLimitedLog(logger: Logger, config: LimitedLogConfig): LimitedLog {
  const { level, periodMs = tenMinutesMs } = config;
  const written = new Map<string, WrittenLine>();
  return {
    write(key, fields, message) {
      const nowMs = performance.now();
      const last = written.get(key);
      if (last !== undefined && nowMs - last.atMs < periodMs) {
        last.repeats += 1;
        return;
      }
      rememberLine(written, key, nowMs);
      const repeats = last?.repeats ?? 0;
      logger[level](repeats === 0 ? fields : { ...fields, repeats }, message);
    },
    end() {
      written.clear();
    },
  };
}

function rememberLine(written: Map<string, WrittenLine>, key: string, nowMs: number): void {
  written.delete(key);
  written.set(key, { atMs: nowMs, repeats: 0 });
  const [oldest] = written.keys();
  if (written.size > maxKeys && oldest !== undefined) written.delete(oldest);
}
