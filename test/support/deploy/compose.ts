import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = new URL('../../../', import.meta.url);

export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
  readonly [key: string]: unknown;
}

export interface ComposeFile {
  readonly text: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** Returns the text of a project file by its path from the root. */
export function readProjectFile(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, root)), 'utf8');
}

/**
 * Parses a YAML file of the project by its path from the root. Every scalar is text, as Docker Compose passes it to
 * a process. Merge keys (`<<`) are resolved.
 *
 * @throws YAMLParseError for a file that is not valid YAML or has a duplicate key in a map.
 */
export function readYaml(path: string): unknown {
  return parse(readProjectFile(path), { schema: 'failsafe', merge: true });
}

export function readCompose(path = 'docker-compose.yml'): ComposeFile {
  const parsed = readYaml(path) as Omit<ComposeFile, 'text'>;
  return { ...parsed, text: readProjectFile(path) };
}

/** Returns the services that run watmeter, by name. */
export function watmeterServices({ services }: ComposeFile): [name: string, service: ComposeService][] {
  return Object.entries(services).filter(([, { image }]) => image.startsWith('watmeter:'));
}

/** Replaces `${NAME:-default}` and `${NAME:?why}` like Docker Compose. @throws Error for a missing secret. */
export function interpolate(value: string, env: Readonly<Record<string, string | undefined>>): string {
  return value.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const given = env[name];
    if (given) return given;
    if (kind === '?') throw new Error(`${name} is not set: ${rest}`);
    return rest;
  });
}
