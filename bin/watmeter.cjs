#!/usr/bin/env node
// The pool of threads of libuv does RSA for the gateway and runs ClickHouse's queries, which may be long: with
// its default of 4 threads, four slow queries would stop every exchange. It must be set before the pool is first
// used, which loading an ES module already does: hence this small CommonJS entry.
process.env.UV_THREADPOOL_SIZE ||= '12';
import('../dist/src/cli/main.js').catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
