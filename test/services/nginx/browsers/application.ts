import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * Starts the application behind nginx, and returns a function that stops it. The title of each page is the viewer. The
 * first segment of a path selects the response: `/export/...` and `/files/...` are downloads, `/redirect/x` redirects to
 * `/x`, `/no-store/...` is a page that browsers must not keep, and every other path is a page.
 */
export function startApplication(port: number): Promise<() => Promise<void>> {
  return listen(port, ({ url = '', headers }, response) => {
    const [, kind = '', ...rest] = url.split('/');
    if (kind === 'redirect') {
      response.writeHead(303, { location: `/${rest.join('/')}` }).end();
      return;
    }
    if (kind === 'export' || kind === 'files') {
      response.writeHead(200, { 'content-disposition': 'attachment' }).end('tag,total\r\n');
      return;
    }
    if (kind === 'no-store') response.setHeader('cache-control', 'no-store');
    sendPage(response, decodeURIComponent(String(headers['x-wat-subject'] ?? '')), '');
  });
}

/** Script of each page. It redeems the code in the URL, and keeps the viewer in the history entry of the tab. */
const tabScript = `
const url = new URL(location.href);
const code = url.searchParams.get('wat_code');
if (code !== null) {
  url.searchParams.delete('wat_code');
  const redeemed = await fetch('/redeem', { method: 'POST', body: code });
  history.replaceState({ viewer: await redeemed.text() }, '', url);
}
document.title = history.state?.viewer ?? 'no session';
`;

/** Starts an application for `LINK_HANDOFF=code`, in which each tab keeps its own viewer. */
export function startCodeApplication(port: number, watmeterUrl: string): Promise<() => Promise<void>> {
  return listen(port, async (request, response) => {
    if (request.url !== '/redeem')
      return sendPage(response, '', `<script type="module">${tabScript}</script>`);
    const code = String(Buffer.concat(await request.toArray()));
    const redeemed = await fetch(`${watmeterUrl}/api/v1/wat/session/redeem`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    const { webSessionToken, initialiser } = (await redeemed.json()) as Record<string, string>;
    const headers = { authorization: String(webSessionToken), initialiser: String(initialiser) };
    const claims = await fetch(`${watmeterUrl}/api/v1/wat/session/claims`, { headers });
    response.end(String(((await claims.json()) as { subject: unknown }).subject));
  });
}

function sendPage(response: ServerResponse, title: string, body: string): void {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(`<!doctype html><title>${title}</title><p>A dashboard</p>${body}`);
}

async function listen(port: number, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
}
