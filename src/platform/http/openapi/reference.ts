import type { OpenApiDocument, Operation } from './document-types.ts';

/** docs/api.md, made from the document. `npm run docs` writes it; `npm run check:docs` holds it. */
export function renderApiReference({ paths, tags }: OpenApiDocument): string {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return [
    '# Every operation',
    '',
    'Made from the routes of the code by `npm run docs`; do not edit. Parameters, schemas, errors and examples stand in the',
    'OpenAPI 3.1 document: [openapi.json](openapi.json), or `GET /api/v1/openapi.json` of a running process, which tells',
    'of what its role has. Rules that hold for all of them: [HTTP API](reference/http-api.md).',
    ...tags.flatMap(({ name }) => [
      '',
      `## ${name}`,
      '',
      '| operation | needs | does |',
      '|---|---|---|',
      ...all
        .filter(({ operation }) => operation.tags[0] === name)
        .map(
          ({ path, method, operation }) =>
            `| \`${method} ${path}\` | ${needsOf(operation)} | ${operation.summary} |`,
        ),
    ]),
    '',
  ].join('\n');
}

/** Scopes where there are some, else the credential. */
function needsOf({ security }: Operation): string {
  if (security.length === 0 || security.some((one) => Object.keys(one).length === 0)) return '';
  const scopes = new Set(security.flatMap((one) => Object.values(one).flat()));
  const asCode = (name: string) => `\`${name}\``;
  const schemes = security.map((one) => Object.keys(one).map(asCode).join(' with '));
  return scopes.size > 0 ? [...scopes].map(asCode).join(', ') : schemes.join(', or ');
}
