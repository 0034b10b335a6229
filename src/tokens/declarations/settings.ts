import { defineSettings, optional, setting } from '../../platform/settings/define-settings.ts';
import { httpUrl } from '../../platform/settings/network-setting-types.ts';
import { byteSize, duration, text } from '../../platform/settings/setting-types.ts';

/** Settings of opening and testing tokens. */
export const tokenSettings = defineSettings({
  OPENED_TOKENS_LIMIT: setting(byteSize(0, 16 * 1024 ** 3), {
    default: '64MiB',
    doc: 'Memory for tokens that were opened before, from their second use on, so that a link of many people is not opened each time. Expiry, disabling and deletion still act at once. `0KiB` switches it off.',
  }),
  DIRECTORY_URL: optional(httpUrl(), {
    doc: 'Where the application says which viewers and resources it knows: tests of tokens ask it (docs/reference/tokens.md). Without it they ask what was registered under /api/v1/directory.',
  }),
  DIRECTORY_TOKEN: optional(text(), { secret: true, doc: 'Bearer token that DIRECTORY_URL is asked with.' }),
  DIRECTORY_TIMEOUT: setting(duration(100, 60_000), {
    default: '3s',
    doc: 'How long a test of a token waits for DIRECTORY_URL.',
  }),
});
