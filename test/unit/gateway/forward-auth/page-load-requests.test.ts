import { describe, expect, it } from 'vitest';
import { isPageLoad } from '../../../../src/gateway/forward-auth/page-load-requests.ts';

const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
const navigate = (destination: string, site: string) => ({
  ...{ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': destination, 'sec-fetch-site': site },
  accept: html,
});
const count = (headers: Record<string, string>, method = 'GET') => (isPageLoad({ method, headers }) ? 1 : 0);

describe('isPageLoad', () => {
  it.each([
    ['a typed address', navigate('document', 'none'), 1],
    ['a click on the same site', navigate('document', 'same-origin'), 1],
    ['a frame of another site', navigate('iframe', 'cross-site'), 1],
    ['a frame of another host of the site', navigate('frame', 'same-site'), 1],
    ['an own frame', navigate('iframe', 'same-origin'), 0],
    ['an own frame of a frameset', navigate('frame', 'same-origin'), 0],
    ['a download', navigate('empty', 'same-origin'), 0],
    ['a fetch', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: html }, 0],
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, 0],
    ['a mode without a destination', { 'sec-fetch-mode': 'navigate' }, 1],
    ['only another Sec-Fetch header', { 'sec-fetch-site': 'none', accept: html }, 0],
  ])('uses the Sec-Fetch headers: %s', (_, headers, expected) => {
    expect(count(headers)).toBe(expected);
  });

  it.each([
    ['a page', { accept: html }, 'GET', 1],
    ['a form', { accept: html }, 'POST', 0],
    ['a form behind nginx', { accept: html, 'x-original-method': 'POST' }, 'GET', 0],
    ['a page behind Traefik', { accept: html, 'x-forwarded-method': 'GET' }, 'GET', 1],
    ['an image', { accept: 'image/avif,image/webp,*/*;q=0.8' }, 'GET', 0],
    ['a script', { accept: '*/*' }, 'GET', 0],
    ['a style', { accept: 'text/css,*/*;q=0.1' }, 'GET', 0],
    ['JSON', { accept: 'application/json, text/html;q=0.5' }, 'GET', 0],
    [
      'a request of jQuery',
      { accept: 'text/html, */*; q=0.01', 'x-requested-with': 'XMLHttpRequest' },
      'GET',
      0,
    ],
    ['no Accept', {}, 'GET', 0],
  ])(
    'uses Accept on plain http, where browsers send no Sec-Fetch header: %s',
    (_, headers, method, expected) => {
      expect(count(headers as Record<string, string>, method)).toBe(expected);
    },
  );
});
