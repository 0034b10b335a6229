import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

/** What an application behind the proxy has got. */
export interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

/** An application that remembers its requests and answers each with a page. */
export async function startApplication(port: number) {
  const seen: SeenRequest[] = [];
  const server = createServer({ maxHeaderSize: 65_536 }, ({ url = '', headers, rawHeaders }, response) => {
    seen.push({ url, headers, rawHeaders });
    response.setHeader('content-type', 'text/html').end('<p>A dashboard</p>');
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    seen,
    last(): SeenRequest {
      const request = seen.at(-1);
      if (request === undefined) throw new Error('the application got no request');
      return request;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
