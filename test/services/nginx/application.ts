import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

/** A request that the application behind the proxy received. */
export interface ReceivedRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Alternating header names and values, as received. */
  readonly rawHeaders: readonly string[];
}

/** Starts an application that records its requests and responds to each with a page. */
export async function startApplication(port: number) {
  const requests: ReceivedRequest[] = [];
  const server = createServer({ maxHeaderSize: 65_536 }, ({ url = '', headers, rawHeaders }, response) => {
    requests.push({ url, headers, rawHeaders });
    response.setHeader('content-type', 'text/html').end('<p>A dashboard</p>');
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    requests,
    last(): ReceivedRequest {
      const request = requests.at(-1);
      if (request === undefined) throw new Error('the application received no request');
      return request;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
