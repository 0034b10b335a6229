import { describe, expect, it } from 'vitest';
import { isSelfDeclaredBot } from '../../../../src/gateway/links/link-visitors.ts';

describe('isSelfDeclaredBot', () => {
  it.each([
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'Slack-ImgProxy (+https://api.slack.com/robots)',
    'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
    'WhatsApp/2.23.20.0 A',
    'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
    'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
    'Twitterbot/1.0',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'TelegramBot (like TwitterBot)',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0; BingPreview/1.0b) like Gecko',
    'Mozilla/5.0 (Macintosh) AppleWebKit/605 (KHTML, like Gecko) Version/8 Safari/600 (Applebot/0.1)',
    'Mattermost-Bot/1.1',
    'Viber/13.3.0.0',
    'Iframely/1.3.1 (+https://iframely.com/docs/about)',
    'http.rb/5.1 (Mastodon/4.2; +https://mastodon.example/)',
  ])('recognises %s', (userAgent) => {
    expect(isSelfDeclaredBot(userAgent)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0',
    'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36',
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Teams/24 Chrome/120 Electron/28 Safari/537.36',
    'Mozilla/5.0 (Linux; Android 13; CUBOT P60) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36',
    ...['curl/8.5.0', 'Wget/1.21.4', 'node', 'undici', 'python-requests/2.31.0', 'Go-http-client/1.1'],
    ...['okhttp/4.12.0', 'PostmanRuntime/7.36.0', 'axios/1.6.2', 'my-program'],
  ])('does not suspect people and programs: %s', (userAgent) => {
    expect(isSelfDeclaredBot(userAgent)).toBe(false);
  });
});
