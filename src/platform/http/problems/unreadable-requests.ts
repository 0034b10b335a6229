import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorDefinition } from '../../errors/define-errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import { problemContentType, problemOf } from './problems.ts';

/** An error of Node's HTTP parser. */
type ParserError = Error & { readonly code?: string };

/**
 * Writes a response to the raw socket when Node's parser rejects a request, because Fastify never sees that
 * request.
 */
export function answerUnreadable(error: ParserError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(definitionOf(error));
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${problemContentType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** A request line whose method the parser does not know. */
const unknownMethod = /^[A-Z][A-Z-]{0,31} \S+ HTTP\/1\.[01]\r?\n/;

function definitionOf(error: ParserError): ErrorDefinition {
  const { code } = error;
  // The last bytes that the parser received. Fastify declares another type.
  const { rawPacket } = error as { rawPacket?: Buffer };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return platformErrors.request_timeout;
  // A packet without a line end is assumed to be part of a URL, because header fields end with line ends.
  if (code === 'HPE_HEADER_OVERFLOW')
    return rawPacket?.includes('\r\n') === false
      ? platformErrors.uri_too_long
      : platformErrors.headers_too_large;
  if (code === 'HPE_INVALID_METHOD' && unknownMethod.test(rawPacket?.toString('latin1', 0, 4096) ?? ''))
    return platformErrors.method_not_allowed;
  return platformErrors.bad_request;
}

/**
 * Rejects requests with an `Expect` header other than `100-continue` with a problem document (RFC 9110,
 * 10.1.1). Node would send 417 without a body.
 */
export function rejectUnknownExpectations(server: Server): void {
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    const problem = problemOf(platformErrors.expectation_failed);
    const body = JSON.stringify(problem);
    response.writeHead(problem.status, {
      'content-type': problemContentType,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(body);
  });
}
