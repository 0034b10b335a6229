const KEY = 'watmeter.reloadedAt';
const LONG_AGO_MS = 60_000;

/**
 * Reloads the page if the server no longer has a file of this build, because a newer version was installed. At most
 * one reload a minute, so that a file that is missing for another reason causes no loop.
 */
export function reloadAfterBuild(): void {
  addEventListener('vite:preloadError', (event) => {
    const reloadedAt = Number(readMark());
    if (Date.now() - reloadedAt < LONG_AGO_MS || !writeMark()) return;
    event.preventDefault();
    location.reload();
  });
}

function readMark(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // The browser blocks the storage.
  }
}

/** Returns whether the mark is stored. Without it, a reload could loop. */
function writeMark(): boolean {
  try {
    sessionStorage.setItem(KEY, String(Date.now()));
    return true;
  } catch {
    return false;
  }
}
