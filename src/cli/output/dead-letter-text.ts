import { bytesOf } from '../../../consumers/dead-letter/dead-letter.ts';
import type { StoredLetter } from '../../../consumers/dead-letter/dead-letter-store.ts';
import { tableLines } from './table.ts';
import { quoted } from './terminal-text.ts';

/** Formats dead letters as table lines, one per dead letter. */
export function letterTable(letters: readonly StoredLetter[]): string[] {
  return tableLines(
    letters.map(({ id, reason, firstSeenMs, replayedAtMs }) => [
      quoted(id),
      new Date(firstSeenMs).toISOString(),
      quoted(reason),
      replayedAtMs === undefined ? '' : `replayed ${new Date(replayedAtMs).toISOString()}`,
    ]),
  );
}

/** Formats a complete dead letter as lines, with escaped control characters. */
export function letterLines(letter: StoredLetter): string[] {
  const { id, producer, partition, sequence, source, position, reason, headers, encoding, body } = letter;
  const { firstSeenMs, replayedAtMs } = letter;
  return [
    `id          ${quoted(id)}`,
    `place       ${sequence === 0 ? 'none' : `producer ${quoted(producer)}, partition ${partition}, sequence ${sequence}`}`,
    `found       ${quoted(source)} at ${position}`,
    `first seen  ${new Date(firstSeenMs).toISOString()}`,
    `replayed    ${replayedAtMs === undefined ? 'no' : new Date(replayedAtMs).toISOString()}`,
    `reason      ${quoted(reason)}`,
    `headers     ${quoted(headers)}`,
    ...(encoding === 'base64'
      ? ['body        not UTF-8:', ...hexLines(bytesOf(letter))]
      : ['body', ...body.split('\n').map((line) => `  ${quoted(line)}`)]),
  ];
}

const bytesInLine = 16;

/** Formats bytes in the format of `hexdump -C`. */
function hexLines(bytes: Buffer): string[] {
  return Array.from({ length: Math.ceil(bytes.length / bytesInLine) }, (_, line) => {
    const some = bytes.subarray(line * bytesInLine, (line + 1) * bytesInLine);
    const hex = [...some].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = some.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    return `  ${(line * bytesInLine).toString(16).padStart(8, '0')}  ${hex.padEnd(bytesInLine * 3)} ${text}`;
  });
}
