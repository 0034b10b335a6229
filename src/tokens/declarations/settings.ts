import { defineSettings, optional, setting } from '../../platform/settings/define-settings.ts';
import { httpUrl } from '../../platform/settings/network-setting-types.ts';
import { byteSize, duration, text } from '../../platform/settings/setting-types.ts';

/** Settings for decrypting and testing tokens. */
export const tokenSettings = defineSettings({
  OPENED_TOKENS_LIMIT: setting(byteSize(0, 16 * 1024 ** 3), {
    default: '64MiB',
    doc: 'Memory for the cache of decrypted tokens. A token is cached at its second use, so that a link that many people open is not decrypted each time. Expiry, disabling and deletion still take effect at once. `0KiB` disables the cache.',
  }),
  DIRECTORY_URL: optional(httpUrl(), {
    doc: 'URL of a service of your application that knows the viewers and resources. Token tests call it (docs/reference/tokens.md). Without it, they use the entries that are registered under /api/v1/directory.',
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
