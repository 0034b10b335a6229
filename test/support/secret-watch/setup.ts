import { afterAll } from 'vitest';
import { watchFetch } from './http.ts';
import { expectNoSecretWritten, watch } from './secrets.ts';

/**
 * This setup file registers the secrets that a test file uses, and fails the test file if a process has written one of
 * them. Vitest loads setup files for every test file, so no test can omit the check. The `afterAll` of this file runs
 * last, after the processes have exited.
 */
watch.isOn = true;
watchFetch();
afterAll(expectNoSecretWritten);
