import { readFileSync } from 'node:fs';

/**
 * Returns a file in examples/nginx with other ports and directories.
 * @throws Error if the file does not contain a text that must be replaced.
 */
export function readExample(name: string, replacements: Readonly<Record<string, string>>): string {
  const example = readFileSync(new URL(`../../../examples/nginx/${name}`, import.meta.url), 'utf8');
  return Object.entries(replacements).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${name} does not contain ${from}`);
    return text.replaceAll(from, to);
  }, example);
}

/**
 * Returns the settings in the shell block of docs/how-to/nginx.md.
 * @param origin the address of nginx, which replaces `https://app.example` on the page.
 */
export function documentedSettings(origin: string): Record<string, string> {
  const page = readFileSync(new URL('../../../docs/how-to/nginx.md', import.meta.url), 'utf8');
  const [, block = ''] = /```sh\n((?:[A-Z_]+=\S+\n)+)```/.exec(page) ?? [];
  const settings = [...block.matchAll(/^([A-Z_]+)=(.*)$/gm)];
  if (settings.length === 0) throw new Error('docs/how-to/nginx.md names no settings');
  return Object.fromEntries(
    settings.map(([, name = '', value = '']) => [name, value.replace('https://app.example', origin)]),
  );
}
