// This module is preloaded into a process (`node --import`), so that a test can set the wall clock of the running
// process. The file CLOCK_OFFSET_FILE contains the offset in milliseconds. Monotonic clocks are not changed.
import { readFileSync } from 'node:fs';

const file = process.env['CLOCK_OFFSET_FILE'];
const realNow = Date.now;

Date.now = () => realNow() + Number(readFileSync(file, 'utf8'));
