import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError, type Fault } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import { preferredOf } from '../routes/accept.ts';

/** Formats in which a client can request a table. */
export const tableFormats = ['csv', 'jsonl', 'xlsx'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** Media types of the table formats (RFC 4180, the JSON Lines page, ECMA-376). */
export const mediaTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv',
  jsonl: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Query parameters of all routes that can return a table. */
export const formatParameters = {
  format: Type.Optional(
    Type.Unsafe<'json' | TableFormat>({
      type: 'string',
      enum: ['json', ...tableFormats],
      description:
        'The format of the response, `json` by default. Takes precedence over `Accept`. All other formats contain the whole list ' +
        'and reject `limit` and `cursor`.',
    }),
  ),
  excel: Type.Optional(
    Type.Boolean({
      description: 'For CSV: the file begins with a byte order mark, so that Excel reads UTF-8',
    }),
  ),
  csv: Type.Optional(
    Type.Unsafe<'safe' | 'raw'>({
      type: 'string',
      enum: ['safe', 'raw'],
      description:
        "With CSV: `safe`, the default, puts a `'` before texts that a spreadsheet would execute; `raw` leaves them unchanged",
    }),
  ),
};

/** Validated query parameters that select a format. */
export interface FormatParameters {
  readonly format?: 'json' | TableFormat;
  readonly excel?: boolean;
  readonly csv?: 'safe' | 'raw';
}

/** A request for a table, with its format. */
export interface TableRequest {
  readonly format: TableFormat;
  readonly withByteOrderMark: boolean;
  readonly isRaw: boolean;
}

/**
 * Returns the table format that a request selects with `format`, or otherwise with `Accept`. Returns undefined if the
 * request selects JSON.
 * @throws AppError `invalid_request` if another parameter cannot be used with the format.
 */
export function tableRequestOf(request: FastifyRequest): TableRequest | undefined {
  const { format: requestedFormat, excel, csv } = request.query as FormatParameters;
  const format = requestedFormat ?? acceptedFormat(request.headers.accept) ?? 'json';
  const faults: Fault[] = [];
  const onlyCsv = 'is only used with format=csv: leave it out';
  if (excel !== undefined && format !== 'csv') faults.push({ path: '/excel', message: onlyCsv });
  if (csv !== undefined && format !== 'csv') faults.push({ path: '/csv', message: onlyCsv });
  if (format !== 'json') faults.push(...pagingFaults(request, format));
  if (faults.length > 0) throw new AppError(platformErrors.invalid_request, { faults });
  if (format === 'json') return undefined;
  return { format, withByteOrderMark: excel ?? false, isRaw: csv === 'raw' };
}

function acceptedFormat(accept: string | undefined): TableFormat | undefined {
  const preferred = preferredOf(
    [...tableFormats.map((format) => mediaTypes[format]), 'application/json'],
    accept,
  );
  return tableFormats.find((format) => mediaTypes[format] === preferred);
}

/**
 * Returns validation errors for the paging parameters that a request contains. It reads them from the URL, because
 * the parsed query also contains the defaults.
 */
function pagingFaults({ url }: FastifyRequest, format: TableFormat): Fault[] {
  const sent = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  return ['limit', 'cursor']
    .filter((name) => url.includes('?') && sent.has(name))
    .map((name) => ({ path: `/${name}`, message: `format=${format} has the whole list: leave ${name} out` }));
}
