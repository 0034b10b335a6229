import type { FastifyReply } from 'fastify';
import { renderPage, styleSource } from './error-page.ts';

/** A link that opens only after the viewer clicks a button. */
export interface PendingLink {
  readonly token: string;
  /** Path and query string to which the form is sent. */
  readonly action: string;
  /** The address to which the link leads. */
  readonly target: string;
}

/** Name of the form field with which the viewer confirms that the link replaces the session of another link. */
export const confirmField = 'confirm';

const words = {
  open: { title: 'Open this link?', advice: 'It leads to a page for its recipient.', button: 'Open' },
  replace: {
    title: 'Another link is open in this browser',
    advice: 'If you open this link, the session of the other link ends, also in other tabs.',
    button: 'Open this link',
  },
};

/**
 * Sends a page with a button that opens the link. The kind `open` is for all links if LINK_CONFIRM is `always`. The
 * kind `replace` is for a link whose viewer or token configuration is not that of the open session. No session is
 * counted before the click.
 */
export function sendConfirmPage(
  reply: FastifyReply,
  kind: keyof typeof words,
  link: PendingLink,
): FastifyReply {
  const { title, advice, button } = words[kind];
  const isReplacing = kind === 'replace';
  const form =
    `<form method="post" action="${escapeHtml(link.action)}">` +
    `<input type="hidden" name="wat" value="${escapeHtml(link.token)}">` +
    (isReplacing ? `<input type="hidden" name="${confirmField}" value="yes">` : '') +
    `<button>${button}</button></form>`;
  // Browsers apply `form-action` also to the redirect that follows the form, so the policy must allow the target.
  const formTargets = `'self' ${new URL(link.target).origin}`;
  return reply
    .code(200)
    .header(
      'content-security-policy',
      `default-src 'none'; style-src ${styleSource}; base-uri 'none'; form-action ${formTargets}`,
    )
    .type('text/html; charset=utf-8')
    .send(renderPage({ title, advice, below: form }));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
