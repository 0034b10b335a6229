import { type TSchema, Type } from 'typebox';
import type { AnswerHeader } from '../routes/route-schema.ts';
import { mediaTypes } from './parameters.ts';

/** Describes the table formats of a response in the OpenAPI document. */
export interface DocumentedTable {
  /** Names of the columns. Columns in brackets are not in every table. */
  readonly columns: string;
  readonly csvExample: string;
  readonly jsonLinesExample: string;
}

/**
 * Returns the OpenAPI success response of a route that returns JSON, or a table if `format` or `Accept` selects a
 * table format.
 */
export function jsonOrTable<Schema extends TSchema>(
  schema: Schema,
  { columns, csvExample, jsonLinesExample }: DocumentedTable,
) {
  const [example] = (schema as { readonly examples?: readonly unknown[] }).examples ?? [];
  const file = (description: string) => Type.String({ description: `${description}. Columns: ${columns}.` });
  return {
    description: 'OK',
    content: {
      'application/json': { schema, example },
      [mediaTypes.csv]: { schema: file('RFC 4180, UTF-8, with a header row'), example: csvExample },
      [mediaTypes.jsonl]: { schema: file('One JSON object in each line'), example: jsonLinesExample },
      [mediaTypes.xlsx]: {
        schema: file('A workbook; 422 `workbook_too_large` beyond 1,048,575 rows or 500,000 cells'),
        example: 'the bytes of a workbook',
      },
    },
  };
}

/** Response headers of a route that returns JSON or a table. */
export const tableHeaders: readonly AnswerHeader[] = [
  {
    name: 'content-disposition',
    component: 'content-disposition-of-table',
    description: 'A name for the file, with format=csv, jsonl and xlsx',
    isOptional: true,
  },
];
