import { expect, it } from 'vitest';
import { createUsedBytes } from '../../../../src/journal/log/store/used-bytes.ts';

function setUp() {
  const log = { bytes: 40_960, counted: 0 };
  const used = createUsedBytes(() => {
    log.counted += 1;
    return log.bytes;
  });
  return { log, used };
}

it('the used bytes are counted once, and each write then adds whole pages of 4096 bytes', () => {
  const { log, used } = setUp();
  expect(used.bytes()).toBe(40_960);
  used.add(1);
  expect(used.bytes()).toBe(40_960 + 4096);
  used.add(8193);
  used.add(0);
  expect(used.bytes()).toBe(40_960 + 4 * 4096);
  expect(log.counted).toBe(1);
});

it('the used bytes are recounted after 16 commits, even if the commits wrote nothing', () => {
  const { log, used } = setUp();
  used.bytes();
  log.bytes = 50_000;
  for (let commit = 1; commit < 16; commit += 1) used.add(0);
  expect(used.bytes()).toBe(40_960);
  used.add(0);
  expect(used.bytes()).toBe(50_000);
  used.add(0);
  expect(used.bytes()).toBe(50_000);
  expect(log.counted).toBe(2);
});

it('the used bytes are recounted after forget(), which follows a removal or a failed commit', () => {
  const { log, used } = setUp();
  used.bytes();
  log.bytes = 8192;
  used.forget();
  expect(used.bytes()).toBe(8192);
});

it('the used bytes are counted at the first read, not before', () => {
  const { log, used } = setUp();
  used.add(100);
  expect(log.counted).toBe(0);
  expect(used.bytes()).toBe(40_960);
});
