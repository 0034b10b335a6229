// Reads a report of vitest's JSON reporter. Prints "PASSED FAILED" to standard output, and each failure with
// the start of its message to standard error. A file that failed outside its tests counts as one failure.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const MAX_LINES = 12;
const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));

function tell(file, title, text) {
  const lines = (text ?? '').split('\n').slice(0, MAX_LINES);
  console.error(`FAILED: ${relative(process.cwd(), file)}: ${title}\n  ${lines.join('\n  ')}`);
}

let brokenFiles = 0;
for (const file of report.testResults) {
  const failed = file.assertionResults.filter((test) => test.status === 'failed');
  for (const test of failed) tell(file.name, test.fullName, test.failureMessages?.[0]);
  if (file.status === 'failed' && failed.length === 0) {
    brokenFiles += 1;
    tell(file.name, 'the file itself', file.message);
  }
}
console.log(report.numPassedTests, report.numFailedTests + brokenFiles);
