import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A migration file in the folder sql/. Migrations run in name order and never change after a release. */
export interface SqlFile {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Reads the migrations of a folder, sorted by name. A statement ends with `;` at the end of a line. */
export function readSqlFiles(folder: string): SqlFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, statements: splitStatements(readFileSync(join(folder, name), 'utf8')) }));
}

function splitStatements(sql: string): string[] {
  return sql
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
