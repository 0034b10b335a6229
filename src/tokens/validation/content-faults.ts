import { isUtf8 } from 'node:buffer';
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { parseJson } from '../jwe/encoding.ts';
import { maxPayloadBytes } from '../jwe/jwe.ts';
import type { Finding } from './findings.ts';

/**
 * Returns the finding on the plaintext of a token that was decrypted but contains no payload. It says what the content
 * is instead: libraries differ in how they compress and encode. Pure. It never contains any part of the content.
 */
export function contentFault(content: Buffer, isCompressed: boolean): Finding {
  const { message, fix } = isCompressed ? compressedFault(content) : plainFault(content);
  return {
    level: 'structure',
    path: '/token',
    severity: 'error',
    message: `was opened, but ${message}`,
    fix,
  };
}

interface Advice {
  readonly message: string;
  readonly fix: string;
}

const rawDeflate = 'Compress with raw DEFLATE (RFC 1951), which has no header and no checksum.';

function compressedFault(content: Buffer): Advice {
  const inflated = tryInflate(inflateRawSync, content);
  if (inflated.bytes !== undefined) return textFault(inflated.bytes);
  if (inflated.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge;
  if (tryInflate(inflateSync, content).code !== 'Z_DATA_ERROR')
    return { message: 'its content has a zlib header (RFC 1950) instead of raw DEFLATE', fix: rawDeflate };
  if (content[0] === 0x1f && content[1] === 0x8b)
    return { message: 'its content is gzip (RFC 1952) instead of raw DEFLATE', fix: rawDeflate };
  if (parseJson(content) !== undefined)
    return {
      message: 'its content is not compressed, although the header says `zip`: `DEF`',
      fix: 'Compress the content, or remove `zip` from the header.',
    };
  if (inflated.code === 'Z_BUF_ERROR')
    return {
      message: 'its DEFLATE stream is not finished',
      fix: 'Finish the stream (close or flush the compressor) before you encrypt.',
    };
  return { message: 'its content is not DEFLATE', fix: rawDeflate };
}

function plainFault(content: Buffer): Advice {
  if (content.length > maxPayloadBytes) return tooLarge;
  const isCompressedText = [inflateRawSync, inflateSync, gunzipSync].some((inflate) => {
    const { bytes } = tryInflate(inflate, content);
    return bytes !== undefined && parseJson(bytes) !== undefined;
  });
  if (!isCompressedText) return textFault(content);
  return {
    message: 'its content is compressed, although the header has no `zip`',
    fix: 'Set `zip` to `DEF` and compress with raw DEFLATE, or do not compress.',
  };
}

function textFault(text: Buffer): Advice {
  if (isUtf8(text))
    return { message: 'its content is not JSON', fix: 'Encrypt the claims as one JSON object.' };
  const isLatin1 = parseJson(Buffer.from(text.toString('latin1'))) !== undefined;
  return {
    message: `its content is not UTF-8${isLatin1 ? ' but probably ISO 8859-1 (Latin-1)' : ''}`,
    fix: 'Encode the JSON in UTF-8 before you compress and encrypt it.',
  };
}

const tooLarge: Advice = {
  message: `its content has more than ${maxPayloadBytes / 1024} KiB`,
  fix: 'Shorten the claims.',
};

function tryInflate(
  inflate: typeof inflateRawSync,
  content: Buffer,
): { readonly bytes?: Buffer; readonly code?: string } {
  try {
    return { bytes: inflate(content, { maxOutputLength: maxPayloadBytes }) };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? '' };
  }
}
