/** Classifies and splits statements before chdb sees them. This is not a parser: it covers what the tests use. */

/** @returns {'insert-from-input' | 'insert' | 'kill' | 'read'} */
export function kindOf(sql) {
  const text = sql.replace(/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
  if (/^INSERT\b/i.test(text)) return /\bFROM\s+input\s*\(/i.test(text) ? 'insert-from-input' : 'insert';
  if (/^KILL\s+QUERY\b/i.test(text)) return 'kill';
  return 'read';
}

/** Splits `... FROM input('structure') ... FORMAT name` into the text before and after the input. */
export function splitInput(sql) {
  const match =
    /^([\s\S]*?\bFROM\s+)input\s*\(\s*('(?:[^'\\]|\\.|'')*')\s*\)([\s\S]*?)\bFORMAT\s+(\w+)\s*;?([\s\S]*)$/i.exec(
      sql,
    );
  if (match === null) return undefined;
  const [, before, structure, after, format, inlineData] = match;
  return { before, structure, after, format, inlineData: inlineData.replace(/^\s+/, '') };
}

/** Splits `KILL QUERY [ON CLUSTER x] WHERE condition [SYNC|ASYNC|TEST] [FORMAT f]`. */
export function splitKill(sql) {
  const match =
    /KILL\s+QUERY\s+(?:ON\s+CLUSTER\s+\S+\s+)?WHERE\s+([\s\S]*?)(?:\s+(SYNC|ASYNC|TEST))?(?:\s+FORMAT\s+(\w+))?\s*;?\s*$/i.exec(
      sql,
    );
  if (match === null) return undefined;
  return { condition: match[1], mode: (match[2] ?? 'ASYNC').toUpperCase(), format: match[3] };
}

const processesTable =
  /\bclusterAllReplicas\s*\([^,]+,\s*system\s*[.,]\s*processes\s*\)|\bsystem\s*\.\s*processes\b/gi;

export function readsProcesses(sql) {
  return sql.search(processesTable) >= 0;
}

/** Replaces system.processes with another table expression. */
export function withProcesses(sql, source) {
  return sql.replaceAll(processesTable, () => source);
}
