import type { Answer } from '../../integration/http/support/instance.ts';
import { browserHeaders, visit } from '../../integration/http/support/links.ts';

/** A simulated browser with the features that sessions need: cookies, redirects and Fetch Metadata. */
export interface TestBrowser {
  /** Loads a page in a tab or a frame, and follows redirects. */
  navigate(path: string, dest?: 'document' | 'iframe'): Promise<Answer>;
  /** Sends a subresource request from a page. */
  fetch(path: string, mode: string, options?: { method?: string; body?: string }): Promise<Answer>;
  readonly cookies: Map<string, string>;
}

const maxRedirects = 5;

export function createBrowser(origin: string): TestBrowser {
  const cookies = new Map<string, string>();

  async function send(
    path: string,
    headers: Record<string, string>,
    options: { method?: string; body?: string } = {},
  ) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await visit(origin, path, {
      ...options,
      headers: { ...headers, ...(cookie !== '' && { cookie }) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return answer;
  }

  return {
    cookies,
    async navigate(path, dest = 'document') {
      const headers = { ...browserHeaders, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': dest };
      let answer = await send(path, headers);
      for (let redirects = 0; answer.status === 303 && redirects < maxRedirects; redirects += 1) {
        const target = new URL(answer.headers.get('location') ?? '');
        if (target.origin !== origin) throw new Error(`a redirect leads to another origin: ${target.origin}`);
        answer = await send(target.pathname + target.search, headers);
      }
      return answer;
    },
    fetch: (path, mode, options) =>
      send(path, { accept: '*/*', 'sec-fetch-mode': mode, 'sec-fetch-dest': 'empty' }, options),
  };
}
