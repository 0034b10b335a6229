import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A migration as it lies in sql/: its name orders it, and it is never changed once released. */
export interface SqlFile {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Reads the migrations of a folder in the order of their names. Statements end with `;` at a line's end. */
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
