import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { tableRequestOf } from '../../../../../src/platform/http/formats/parameters.ts';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const request = (query: object, accept?: string, search = '') =>
  ({ query, headers: { accept }, url: `/list${search}` }) as unknown as FastifyRequest;
const formatOf = (query: object, accept?: string) => tableRequestOf(request(query, accept))?.format;
const faultsOf = (query: object, accept?: string, search?: string) => {
  try {
    tableRequestOf(request(query, accept, search));
    return [];
  } catch (error) {
    return (error as { faults: { path: string }[] }).faults.map(({ path }) => path);
  }
};

describe('the format of a response', () => {
  it.each([
    [undefined, undefined],
    ['*/*', undefined],
    ['application/json', undefined],
    ['text/html,application/xhtml+xml,*/*;q=0.8', undefined],
    ['text/csv', 'csv'],
    ['application/x-ndjson', 'jsonl'],
    [xlsx, 'xlsx'],
    ['text/csv, application/json', 'csv'],
    ['text/csv;q=0.5, application/json', undefined],
    ['text/csv;q=0.5, application/x-ndjson;q=0.7', 'jsonl'],
    ['text/csv;q=0', undefined],
    ['TEXT/CSV', 'csv'],
  ])('for the Accept header "%s" is %s (undefined means JSON)', (accept, format) => {
    expect(formatOf({}, accept)).toBe(format);
  });

  it('is taken from the format parameter, not from the Accept header, if both are present', () => {
    expect(formatOf({ format: 'json' }, 'text/csv')).toBeUndefined();
    expect(formatOf({ format: 'xlsx' }, 'text/csv')).toBe('xlsx');
  });

  it('must be CSV if the request contains the parameter excel or csv', () => {
    expect(tableRequestOf(request({ excel: true, csv: 'raw' }, 'text/csv'))).toEqual({
      ...{ format: 'csv', withByteOrderMark: true, isRaw: true },
    });
    for (const format of ['json', 'jsonl', 'xlsx', undefined])
      expect(faultsOf({ format, excel: false, csv: 'safe' })).toEqual(['/excel', '/csv']);
  });

  it('must be JSON if the URL contains the parameter limit or cursor', () => {
    const search = '?limit=50&cursor=x';
    expect(faultsOf({ format: 'csv', limit: 50 }, undefined, search)).toEqual(['/limit', '/cursor']);
    expect(faultsOf({ limit: 50 }, 'application/x-ndjson', search)).toEqual(['/limit', '/cursor']);
    expect(faultsOf({ limit: 50 }, undefined, search)).toEqual([]);
    expect(faultsOf({ format: 'csv', limit: 50 })).toEqual([]);
  });
});
