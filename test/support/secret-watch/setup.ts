import { afterAll } from 'vitest';
import { watchFetch } from './http.ts';
import { expectNoSecretWritten, watch } from './secrets.ts';

/**
 * For each test file: remembers every secret that passes by, and fails the file when a process has written one. A setup
 * file, so that no test can leave it out; its `afterAll` comes last, when the processes have ended.
 */
watch.isOn = true;
watchFetch();
afterAll(expectNoSecretWritten);
