import type { SettingTable } from '../platform/settings/define-settings.ts';

/** Returns docs/configuration.md. `npm run docs` writes it and `npm run check:docs` compares it. */
export function renderConfigurationReference(settings: SettingTable): string {
  const rows = Object.entries(settings).map(([name, { type, doc, default: text }]) => {
    const fallback = text === undefined ? 'none' : `\`${text}\``;
    return `| \`${name}\` | ${type.label} | ${fallback} | ${doc} |`;
  });
  return [
    '# Configuration',
    '',
    'Made from `declarations/settings.ts` of each domain by `npm run docs`; do not edit. All settings are environment variables;',
    'an empty one counts as not set. `npx watmeter config check` reports every fault at once and exits with 1.',
    '',
    '| variable | type | default | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
