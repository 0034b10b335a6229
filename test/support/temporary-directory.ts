import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Creates a temporary directory. The caller removes it with `remove`. */
export function createTemporaryDirectory(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `watmeter-test-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Creates a temporary directory that is removed when the test ends. */
export function temporaryDirectory(name: string): string {
  const { path, remove } = createTemporaryDirectory(name);
  onTestFinished(remove);
  return path;
}
