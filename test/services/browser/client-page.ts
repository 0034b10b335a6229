import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { createWatClient, WatClient, WatClientOptions } from '../../../src/client/index.ts';

/** The globals of the page, for functions that run in the page. */
export interface ClientPage {
  client: WatClient;
  readonly createWatClient: typeof createWatClient;
  /** Creates a client for this gateway with the application's token function. `options` override the defaults. */
  readonly createClient: (options?: Partial<WatClientOptions>) => WatClient;
  /** The number of token requests that this page sent to the application. */
  tokenRequests: number;
  /** Returns an error's properties as a plain object, which can be passed out of the page. */
  readonly describeError: (error: unknown) => {
    name: string;
    code?: string;
    status?: number;
    isWatError: boolean;
  };
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface WebServer {
  readonly origin: string;
  readonly received: ReceivedRequest[];
  close(): void;
}

export type Answer = (request: ReceivedRequest, response: ServerResponse) => Promise<void> | void;

/** Starts a server on the loopback interface that records each request and responds with `answer`. */
export async function startWebServer(port: number, answer: Answer): Promise<WebServer> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const record = { method, path, headers, body: await text(request) };
    received.push(record);
    await answer(record, response);
    response.end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  return {
    origin: `http://127.0.0.1:${address.port}`,
    received,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const builtClient = new URL('../../../dist/client/index.js', import.meta.url);

/** Returns the published build of the client. */
export function readBuiltClient(): Buffer {
  return readFileSync(builtClient);
}

/** Returns a page that loads the client as a module, like an application without a bundler. */
export function clientPageHtml(gatewayUrl: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Analytics</title><script type="module">
    import { createWatClient, WatError } from '/client.js';
    window.tokenRequests = 0;
    window.createWatClient = createWatClient;
    window.createClient = (options) => createWatClient({
      baseUrl: '${gatewayUrl}',
      requestToken: async () => {
        window.tokenRequests += 1;
        return (await fetch('/wat', { method: 'POST' })).text();
      },
      ...options,
    });
    window.describeError = (error) => ({
      name: error.name, code: error.code, status: error.status, isWatError: error instanceof WatError,
    });
    window.client = createClient(location.search === '?stored' ? { storage: sessionStorage } : {});
  </script>`;
}
