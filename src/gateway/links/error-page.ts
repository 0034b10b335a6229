import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { ErrorDefinition, ErrorKind } from '../../platform/errors/define-errors.ts';
import type { AppError } from '../../platform/errors/errors.ts';
import { beginError } from '../../platform/http/problems/problems.ts';
import type { gatewayErrors } from '../declarations/errors.ts';

/** Text of an error page for a person who has opened a link. */
interface Words {
  readonly title: string;
  readonly advice: string;
}

const askAgain = 'Open it again from where you found it, or ask the sender for a new one.';
const comeBack = 'Nothing is wrong with your link. Wait a moment, then open it again.';

const wordsOfCode: Partial<Record<keyof typeof gatewayErrors | 'rate_limited', Words>> = {
  token_invalid: { title: 'This link does not work', advice: `It may be incomplete. ${askAgain}` },
  token_expired: {
    title: 'This link has expired',
    advice: 'Ask the sender for a new one.',
  },
  token_not_yet_valid: { title: 'This link does not work yet', advice: 'Open it again later.' },
  token_revoked: {
    title: 'This link was withdrawn',
    advice: 'Ask the sender for a new one.',
  },
  prefetch_refused: { title: 'This link was not opened', advice: 'Click it to open it.' },
  not_a_page_load: { title: 'This link was not opened', advice: 'Open it in a browser window.' },
  cross_site_frame: {
    title: 'This link cannot be shown here',
    advice: 'Open it in a window of its own: the page around it belongs to another site.',
  },
  resource_not_granted: {
    title: 'This link leads to a page that it does not include',
    advice: 'Ask the sender for a new one.',
  },
  link_target_missing: {
    title: 'Links are not set up here',
    advice: 'The operator of this service must first set the target of links.',
  },
  rate_limited: { title: 'Too many attempts', advice: 'Wait a moment, then open your link again.' },
};

const wordsOfKind: Partial<Record<ErrorKind, Words>> = {
  syntax: {
    title: 'This link is not valid',
    advice: `Its address is incomplete or was changed. ${askAgain}`,
  },
  uri_too_long: { title: 'This link is too long', advice: askAgain },
  headers_too_large: {
    title: 'Your browser sends too much',
    advice: 'Delete the cookies of this site, then open your link again.',
  },
  unavailable: { title: 'Not available just now', advice: comeBack },
  internal: { title: 'Something went wrong', advice: comeBack },
};

const style = `
:root{color-scheme:light dark;--ground:#f5f6f8;--card:#fff;--line:#dfe3e8;--text:#1c2530;--quiet:#5b6775}
@media(prefers-color-scheme:dark){:root{--ground:#12161c;--card:#1a2029;--line:#2c3542;--text:#e8ecf1;--quiet:#9aa6b4}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:27rem;padding:2.25rem 2rem;background:var(--card);border:1px solid var(--line);border-radius:14px;text-align:center}
svg{width:44px;height:44px;color:var(--quiet)}
h1{margin:1rem 0 .5rem;font-size:1.3rem;line-height:1.3;font-weight:600;text-wrap:balance}
p{margin:0;color:var(--quiet);text-wrap:pretty}
form{margin-top:1.5rem}
button{padding:.6rem 1.6rem;border:0;border-radius:8px;background:#2563eb;color:#fff;font:inherit;font-weight:600;cursor:pointer}
code{display:block;margin-top:1.5rem;font:.75rem ui-monospace,Menlo,Consolas,monospace;color:var(--quiet)}
`.trim();

/** SVG icon of a broken chain. */
const picture =
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M10 14a4.5 4.5 0 0 1-.2-6.4L12 5.4a4.5 4.5 0 0 1 6.4 6.4l-.9.9M14 10a4.5 4.5 0 0 1 .2 6.4L12 18.6a4.5 4.5 0 0 1-6.4-6.4l.9-.9M4 4l2 2M20 20l-2-2"/></svg>';

/** Entry for the directive `style-src` of a Content-Security-Policy. It allows the style of these pages. */
export const styleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
/**
 * With this policy, the page cannot load resources, run scripts or submit forms. Other sites may show it in a frame,
 * because applications often open links in frames.
 */
const contentSecurityPolicy = `default-src 'none'; style-src ${styleSource}; base-uri 'none'; form-action 'none'`;

/** Sends an error as a small HTML page without branding. Pages with the same code are byte-for-byte identical. */
export function sendErrorPage(reply: FastifyReply, error: AppError): FastifyReply {
  return beginError(reply, error)
    .header('content-security-policy', contentSecurityPolicy)
    .type('text/html; charset=utf-8')
    .send(renderErrorPage(error.definition));
}

/** Renders the HTML page of an error. Pure. The page contains no part of the request. */
export function renderErrorPage({ code, kind, title: ownTitle }: ErrorDefinition): string {
  const words = (wordsOfCode as Partial<Record<string, Words>>)[code] ?? wordsOfKind[kind];
  const { title, advice } = words ?? { title: ownTitle, advice: askAgain };
  return renderPage({ title, advice, below: `<code>${code}</code>` });
}

/** Sends a small HTML page that is not an error. Its texts must not contain markup. */
export function sendNoticePage(reply: FastifyReply, title: string, advice: string): FastifyReply {
  return reply
    .code(200)
    .header('content-security-policy', contentSecurityPolicy)
    .type('text/html; charset=utf-8')
    .send(renderPage({ title, advice, below: '' }));
}

/** Renders a page for a person who has opened a link. `below` is HTML. The texts must not contain markup. */
export function renderPage({ title, advice, below }: Words & { readonly below: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
${picture}
<h1>${title}</h1>
<p>${advice}</p>
${below}
</main>
</body>
</html>
`;
}
