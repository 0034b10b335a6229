import { type ErrorCode, errorCodes } from '../../errors/error-codes.ts';
import { defaultDetails } from '../../errors/error-details.ts';
import { statusOfKind } from './problems.ts';

/** docs/errors.md, made from the tables of codes and details. `npm run docs` writes it; `npm run check:docs` holds it. */
export function renderErrorReference(): string {
  const rows = (Object.keys(errorCodes) as ErrorCode[]).map((code) => {
    const { kind, title } = errorCodes[code];
    return `| \`${code}\` | ${statusOfKind[kind]} | ${title} | ${defaultDetails[code] ?? ''} |`;
  });
  return [
    '# Errors',
    '',
    'Made from `src/platform/errors/error-codes.ts` by `npm run docs`; do not edit. Errors are problem documents (RFC 9457,',
    '`application/problem+json`) with `type`, `title`, `status` and one of these stable codes as `code`; `detail` says',
    'what to do, and `errors: [{ path, message }]` names every fault of an input at once. None repeats a URL, a token',
    'or a claim.',
    '',
    '| code | status | title | what to do, where `detail` says nothing more exact |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
