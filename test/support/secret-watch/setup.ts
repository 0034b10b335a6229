import { afterAll } from 'vitest';
import { watchFetch } from './http.ts';
import { expectNoSecretWritten, watch } from './secrets.ts';

/**
 * Registers the secrets that a test file uses, and fails the file if a process has written one. It is a setup file,
 * so that no test can omit it. Its `afterAll` runs last, after the processes have exited.
 */
watch.isOn = true;
watchFetch();
afterAll(expectNoSecretWritten);
