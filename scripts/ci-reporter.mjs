// A vitest reporter for .ci/run. It writes the numbers of passed and failed tests to the file CI_COUNTS. It appends
// each failure, with the start of its messages, to the file CI_FAILURES. A file or a `describe` that fails in a hook
// counts as one failure. Vitest's JSON report cannot be used, because it does not contain the messages of hooks.
import { appendFileSync, writeFileSync } from 'node:fs';

const MAX_LINES = 16;
const MAX_LINE = 200;

/** Returns the texts of an error. The text of its cause comes first, because `fetch failed` alone contains no reason. */
function textsOf({ message, diff, stack, cause }) {
  const own = [stack?.includes(message) ? undefined : message, stack?.split('\n', 4).join('\n'), diff].filter(
    Boolean,
  );
  return cause === undefined || cause === null
    ? own
    : [`cause: ${cause.code ?? ''} ${cause.message ?? cause}`, ...own];
}

function describeFailure(module, title, errors) {
  const lines = errors.flatMap(textsOf).join('\n').split('\n').slice(0, MAX_LINES);
  return `FAILED: ${module.relativeModuleId}: ${title}\n  ${lines.map((line) => line.slice(0, MAX_LINE)).join('\n  ')}\n`;
}

function failuresOf(module) {
  const tests = [...module.children.allTests('failed')];
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return [
    ...(module.errors().length > 0 ? [describeFailure(module, 'the file itself', module.errors())] : []),
    ...suites.map((suite) => describeFailure(module, `hooks of "${suite.fullName}"`, suite.errors())),
    ...tests.map((test) => describeFailure(module, test.fullName, test.result().errors)),
  ];
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter from the default export of its file
export default class CiReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const failures = modules.flatMap(failuresOf);
    for (const error of unhandledErrors)
      failures.push(`FAILED: outside any test: ${error.stack ?? error.message}\n`);
    const passed = modules.flatMap((module) => [...module.children.allTests('passed')]).length;
    writeFileSync(process.env.CI_COUNTS, `${passed} ${failures.length}\n`);
    appendFileSync(process.env.CI_FAILURES, failures.join(''));
  }
}
