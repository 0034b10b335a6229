const KEY = 'watmeter.reloadedAt';
const LONG_AGO_MS = 60_000;

/**
 * Reloads the page if a file of this build is missing on the server, because a newer version was installed. It reloads at
 * most once a minute. Otherwise, a file that is missing for another reason would cause an endless loop.
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

/** Stores the time of the reload. If it returns false, the browser blocks the storage, and the page must not reload: it could loop. */
function writeMark(): boolean {
  try {
    sessionStorage.setItem(KEY, String(Date.now()));
    return true;
  } catch {
    return false;
  }
}
