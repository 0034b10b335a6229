import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createLimitedLog } from '../../../src/platform/limited-log.ts';
import type { Logger } from '../../../src/platform/logger.ts';

const minuteMs = 60_000;
let lines: [level: string, fields: unknown, message: string][] = [];

beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

function newLog(level: 'warn' | 'error' = 'warn') {
  const write = (name: string) => (fields: unknown, message: string) => lines.push([name, fields, message]);
  return createLimitedLog({ warn: write('warn'), error: write('error') } as unknown as Logger, { level });
}

it('the limited log writes the first line immediately, and then one line every 10 minutes with the number of repeats', () => {
  const log = newLog();
  for (let second = 0; second <= 1200; second += 1) {
    log.write('', { second }, 'it lasts');
    vi.advanceTimersByTime(1000);
  }
  expect(lines).toEqual([
    ['warn', { second: 0 }, 'it lasts'],
    ['warn', { second: 600, repeats: 599 }, 'it lasts'],
    ['warn', { second: 1200, repeats: 599 }, 'it lasts'],
  ]);
});

it('the limited log writes a line with another key immediately', () => {
  const log = newLog('error');
  for (const reason of ['full', 'full', 'down', 'full', 'down']) log.write(reason, { reason }, 'it fails');
  expect(lines).toEqual([
    ['error', { reason: 'full' }, 'it fails'],
    ['error', { reason: 'down' }, 'it fails'],
  ]);
});

it('the limited log writes a repeated line immediately if end() was called after the earlier lines', () => {
  const log = newLog();
  log.write('', {}, 'it lasts');
  log.write('', {}, 'it lasts');
  log.end();
  log.write('', {}, 'it lasts');
  expect(lines).toHaveLength(2);
});

it('the limited log forgets its oldest key when lines with more than 100 keys are written', () => {
  const log = newLog();
  for (let key = 0; key <= 100; key += 1) log.write(String(key), {}, 'it fails');
  vi.advanceTimersByTime(minuteMs);
  log.write('100', {}, 'it fails');
  expect(lines).toHaveLength(101);
  log.write('0', {}, 'it fails');
  expect(lines).toHaveLength(102);
});
