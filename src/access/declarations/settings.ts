import { defineSettings, optional } from '../../platform/settings/define-settings.ts';
import { text } from '../../platform/settings/setting-types.ts';

/** Settings for sign-in. */
export const accessSettings = defineSettings({
  ADMIN_TOKEN: optional(text({ minLength: 32 }), {
    secret: true,
    doc: 'An API token with every scope. Without it, the first start creates one in DATA_DIR/admin-token (mode 0600). With DATABASE_URL, a start creates none: set ADMIN_TOKEN, or run `npx watmeter admin-token renew` once.',
  }),
});
