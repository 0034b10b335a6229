// Preloaded into a process (`node --import`), so that a test can set its wall clock while it runs. The file CLOCK_OFFSET_FILE
// contains the offset in milliseconds. Monotonic clocks are not changed.
import { readFileSync } from 'node:fs';

const file = process.env['CLOCK_OFFSET_FILE'];
const realNow = Date.now;

Date.now = () => realNow() + Number(readFileSync(file, 'utf8'));
