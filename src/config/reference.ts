import { type SettingName, settings } from './settings.ts';

/** docs/configuration.md, made from the settings table. `npm run docs` writes it; a test holds it. */
export function renderConfigurationReference(): string {
  const rows = (Object.keys(settings) as SettingName[]).map((name) => {
    const { type, doc, ...rest } = settings[name];
    const fallback = 'default' in rest ? `\`${rest.default}\`` : 'none';
    return `| \`${name}\` | ${type.label} | ${fallback} | ${doc} |`;
  });
  return [
    '# Configuration',
    '',
    'Made from `src/config/settings.ts` by `npm run docs`; do not edit. All settings are environment variables;',
    'an empty one counts as not set. `npx watmeter config check` reports every fault at once and exits with 1.',
    '',
    '| variable | type | default | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
