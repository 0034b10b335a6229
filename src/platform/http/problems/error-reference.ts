import type { ErrorTable } from '../../errors/define-errors.ts';
import { statusOfKind } from './problems.ts';

/** Returns docs/errors.md. `npm run docs` writes it and `npm run check:docs` compares it. */
export function renderErrorReference(errors: ErrorTable): string {
  const rows = Object.values(errors).map(
    ({ code, kind, title, detail = '' }) => `| \`${code}\` | ${statusOfKind[kind]} | ${title} | ${detail} |`,
  );
  return [
    '# Errors',
    '',
    'Made from `declarations/errors.ts` of each domain by `npm run docs`; do not edit. Errors are problem documents (RFC 9457,',
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
