import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { createWatClient, WatClient, WatClientOptions } from '../../../src/client/index.ts';

/** What the page has as globals, for functions that run in it. */
export interface ClientPage {
  client: WatClient;
  readonly createWatClient: typeof createWatClient;
  /** A client of this gateway with the application's token function; options go before. */
  readonly makeClient: (options?: Partial<WatClientOptions>) => WatClient;
  /** How often the application was asked for a token by this page. */
  asked: number;
  /** What an error tells, in a form that leaves the page. */
  readonly told: (error: unknown) => { name: string; code?: string; status?: number; isWatError: boolean };
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

/** A server on the loopback interface that notes each request and lets a function answer it. */
export async function startWebServer(port: number, answer: Answer): Promise<WebServer> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: await text(request) };
    received.push(one);
    await answer(one, response);
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

/** The built client as it is published. */
export function readBuiltClient(): Buffer {
  return readFileSync(builtClient);
}

/** A page that loads the client as a module, as an application without any tools would. */
export function clientPageHtml(gatewayUrl: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Analytics</title><script type="module">
    import { createWatClient, WatError } from '/client.js';
    window.asked = 0;
    window.createWatClient = createWatClient;
    window.makeClient = (options) => createWatClient({
      baseUrl: '${gatewayUrl}',
      requestToken: async () => {
        window.asked += 1;
        return (await fetch('/wat', { method: 'POST' })).text();
      },
      ...options,
    });
    window.told = (error) => ({
      name: error.name, code: error.code, status: error.status, isWatError: error instanceof WatError,
    });
    window.client = makeClient(location.search === '?kept' ? { storage: sessionStorage } : {});
  </script>`;
}
