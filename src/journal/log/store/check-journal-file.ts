import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Positions in a meta page of LMDB (`MDB_meta` in mdb.c of lmdb-js), in bytes from the start of the page. A file has
 * two meta pages, and the one with the higher transaction describes the last commit.
 */
const meta = {
  magic: 24,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  lastPage: 144,
  transaction: 152,
  length: 160,
} as const;
const magicNumber = 0xbeefc0de;

/**
 * Number of pages by which an intact file may be shorter than its last commit. LMDB does not write a page that one
 * transaction has both allocated and freed.
 */
const unwrittenPages = 16;

/**
 * Throws if the file of a journal is shorter than its last commit. LMDB maps the file into memory. Reading beyond the
 * end of the file would end the process with SIGBUS, without an error message.
 * @throws Error with the path and both lengths.
 */
export function checkJournalFile(directory: string): void {
  const path = join(directory, 'data.mdb');
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const expected = committedBytes(file);
    // The size is read last, because a gateway may extend the file at the same time.
    const { size } = fstatSync(file);
    if (expected === undefined || size >= expected.leastBytes) return;
    throw new Error(
      `the journal is damaged: ${path} has ${size} bytes, and its last commit needs ${expected.bytes}. ` +
        'Restore DATA_DIR from a backup (docs/how-to/failures.md#a-damaged-journal). No data was written.',
    );
  } finally {
    closeSync(file);
  }
}

/**
 * Returns the file length that the last commit needs. Returns undefined if the file has no valid meta page, because
 * LMDB reports this fault itself.
 */
function committedBytes(file: number): { bytes: number; leastBytes: number } | undefined {
  const first = readMeta(file, 0);
  if (first === undefined) return undefined;
  const second = readMeta(file, first.pageSize);
  const last = second !== undefined && second.transaction > first.transaction ? second : first;
  const pages = last.lastPage + 1;
  const roots = last.roots.filter((root) => root <= last.lastPage);
  const leastPages = Math.max(pages - unwrittenPages, ...roots.map((root) => root + 1));
  return { bytes: pages * first.pageSize, leastBytes: leastPages * first.pageSize };
}

function readMeta(file: number, position: number) {
  const page = Buffer.alloc(meta.length);
  if (readSync(file, page, 0, page.length, position) < page.length) return undefined;
  if (page.readUInt32LE(meta.magic) !== magicNumber) return undefined;
  return {
    pageSize: page.readUInt32LE(meta.pageSize),
    // The root of an empty tree is the highest 64-bit number.
    roots: [meta.freeRoot, meta.mainRoot].map((root) => Number(page.readBigUInt64LE(root))),
    lastPage: Number(page.readBigUInt64LE(meta.lastPage)),
    transaction: page.readBigUInt64LE(meta.transaction),
  };
}
