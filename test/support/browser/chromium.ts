import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Returns the path in `CHROMIUM`, or the path of `chromium` on the PATH, or undefined if there is none. */
function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  const candidates = CHROMIUM ? [CHROMIUM] : PATH.split(delimiter).map((folder) => join(folder, 'chromium'));
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns the reason why Chromium cannot start, or undefined if it can. */
export function chromiumIsMissing(): string | undefined {
  return findChromium() === undefined ? 'no Chromium on this machine' : undefined;
}

/**
 * Starts a headless Chromium. Each `newPage` has separate cookies and storage. The browser exits with this process,
 * however this process exits.
 *
 * @param options `args`: further arguments of Chromium. `without`: default arguments of Playwright to omit.
 * @throws Error if this machine has no Chromium, see `chromiumIsMissing`.
 */
export async function startChromium(
  options: { readonly args?: readonly string[]; readonly without?: readonly string[] } = {},
): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('no Chromium on this machine: install the package chromium');
  const { args = [], without = [] } = options;
  return chromium.launch({
    executablePath,
    args: ['--disable-gpu', ...args],
    ignoreDefaultArgs: [...without],
  });
}
