import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new directory that is removed when the test (or, outside a test, `remove`) ends. */
export function createTemporaryDirectory(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `watmeter-test-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The same for the length of one test. */
export function temporaryDirectory(name: string): string {
  const { path, remove } = createTemporaryDirectory(name);
  onTestFinished(remove);
  return path;
}
