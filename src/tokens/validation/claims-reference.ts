import { WatClaimsSchema } from '../claims/claims-schema.ts';
import { maxGrantsChars } from '../claims/json-size.ts';
import { maxPayloadDepth } from './structure.ts';

interface Node {
  readonly rule?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

/** Returns docs/claims.md from the schema of the claims. `npm run docs` writes it, `npm run check:docs` compares it. */
export function renderClaimsReference(): string {
  return [
    '# Claims',
    '',
    'Made from `src/tokens/claims/claims-schema.ts` by `npm run docs`; do not edit. Making and testing tokens holds all of it',
    '([tokens](reference/tokens.md)); an exchange checks only `sub`, `exp`, `nbf`, `trc`, the shape of `grants` and its size, and',
    'carries the rest. Only `sub` is required. Other claims are allowed and ignored.',
    '',
    '| claim | must be | meaning |',
    '|---|---|---|',
    ...rowsOf(WatClaimsSchema as Node, ''),
    '',
    `\`prm\`, \`res\`, \`flt\` and \`acl\` take at most ${maxGrantsChars.toLocaleString('en')} characters together: the sum of the UTF-16 length of`,
    `\`JSON.stringify(claim)\`. A payload nests at most ${maxPayloadDepth} levels deep.`,
    '',
  ].join('\n');
}

function rowsOf({ properties = {}, items }: Node, path: string): string[] {
  const memberRows = Object.entries(properties).flatMap(([name, node]) => {
    const inner = `${path}${path === '' ? '' : '.'}${name}`;
    return [`| \`${inner}\` | ${node.rule} | ${node.description ?? ''} |`, ...rowsOf(node, inner)];
  });
  if (items === undefined) return memberRows;
  return [
    `| \`${path}[]\` | ${items.rule} | ${items.description ?? ''} |`,
    ...rowsOf(items, `${path}[]`),
    ...memberRows,
  ];
}
