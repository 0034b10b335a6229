import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TableFormat, tableRequestOf } from '../../platform/http/formats/parameters.ts';
import { sendTable } from '../../platform/http/formats/send-table.ts';
import type { Table } from '../../platform/http/formats/table.ts';
import type { EndpointDeps } from './endpoint.ts';

/**
 * Returns the JSON response, or sends a table if the request selects a table format.
 * @throws AppError `invalid_request`.
 */
export async function answerOrTable<Answer>(
  { logger }: Pick<EndpointDeps, 'logger'>,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  answer: () => Promise<Answer>,
  tableOf: (format: TableFormat) => Promise<Table>,
): Promise<Answer> {
  const wanted = tableRequestOf(exchange.request);
  if (wanted === undefined) return answer();
  return sendTable({ logger }, exchange, wanted, await tableOf(wanted.format));
}
