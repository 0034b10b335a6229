import { defineSettings, optional, setting } from '../../platform/settings/define-settings.ts';
import { httpUrl } from '../../platform/settings/network-setting-types.ts';
import { byteSize, duration, text } from '../../platform/settings/setting-types.ts';

/** Settings for decrypting and testing tokens. */
export const tokenSettings = defineSettings({
  OPENED_TOKENS_LIMIT: setting(byteSize(0, 16 * 1024 ** 3), {
    default: '64MiB',
    doc: 'Memory for the cache of opened tokens. A token enters it at its second use, so that a link of many people is not decrypted each time. Expiry, disabling and deletion still take effect at once. `0KiB` disables the cache.',
  }),
  DIRECTORY_URL: optional(httpUrl(), {
    doc: 'Service of the application that knows its viewers and resources. Token tests ask it (docs/reference/tokens.md). Without it, they use the entries that are registered under /api/v1/directory.',
  }),
  DIRECTORY_TOKEN: optional(text(), {
    secret: true,
    doc: 'Bearer token that watmeter sends to DIRECTORY_URL.',
  }),
  DIRECTORY_TIMEOUT: setting(duration(100, 60_000), {
    default: '3s',
    doc: 'How long a token test waits for DIRECTORY_URL.',
  }),
});
