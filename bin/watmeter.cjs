#!/usr/bin/env node
// libuv's thread pool runs RSA for the gateway and ClickHouse's queries, which may take long. With its default of 4
// threads, four slow queries would stop every exchange. The size must be set before the pool is first used. Loading an ES
// module uses it already, so this entry is CommonJS.
process.env.UV_THREADPOOL_SIZE ||= '12';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// A checkout has no dist until its first build. Node's error would name a file that its reader has never seen.
if (existsSync(join(__dirname, '../dist/src/cli/main.js'))) {
  import('../dist/src/cli/main.js').catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
} else {
  process.stderr.write('watmeter is not built yet. Run: npm ci && npm run build\n');
  process.exitCode = 1;
}
