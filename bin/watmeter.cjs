#!/usr/bin/env node
// The pool of threads of libuv does RSA for the gateway and runs ClickHouse's queries, which may be long: with
// its default of 4 threads, four slow queries would stop every exchange. It must be set before the pool is first
// used, which loading an ES module already does: hence this small CommonJS entry.
process.env.UV_THREADPOOL_SIZE ||= '12';
// What an exchange makes is garbage a few milliseconds later: with more room for the young, less of it is copied
// (docs/performance.md). It must be set before the heap grows.
require('node:v8').setFlagsFromString('--max-semi-space-size=64');
import('../dist/src/main.js').catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
