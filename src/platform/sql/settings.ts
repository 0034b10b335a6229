import type { Fault } from '../errors/errors.ts';
import { defineSettings, isSet, optional, type SettingRule } from '../settings/define-settings.ts';
import { text } from '../settings/setting-types.ts';
import { databaseUrl } from './engines/database-url.ts';

/** Minimum length of the master key, in the setting and in the file. */
export const minMasterKeyChars = 32;

/** Settings for the control store. */
export const sqlSettings = defineSettings({
  DATABASE_URL: optional(databaseUrl(), {
    secret: true,
    doc: 'PostgreSQL as the control store, which several processes can share. Without it, the control store is SQLite in DATA_DIR. Needs MASTER_KEY. `?sslmode=` is `disable`, `require`, `verify-ca` or `verify-full`. All modes except `disable` use TLS and verify the certificate and the host name. The default is TLS, except for a database on this machine.',
  }),
  DATABASE_CA_FILE: optional(text(), {
    doc: 'PEM file with certificate authorities. watmeter verifies PostgreSQL’s certificate with them instead of with those of Node.',
  }),
  MASTER_KEY: optional(text({ minLength: minMasterKeyChars }), {
    secret: true,
    doc: 'Encrypts private keys at rest. With DATABASE_URL it is required, and the same for all processes. Otherwise the first start creates a key in DATA_DIR/master-key (mode 0600). watmeter does not start with a different key. If the control store contains secrets, watmeter does not start without the key either.',
  }),
});

/**
 * Requires MASTER_KEY with DATABASE_URL, because processes that share a database need the same key. Also rejects
 * DATABASE_CA_FILE without DATABASE_URL.
 */
export const sqlSettingRule: SettingRule = (env) => {
  const faults: Fault[] = [];
  if (isSet(env, 'DATABASE_URL') && !isSet(env, 'MASTER_KEY')) {
    const message =
      'must be set with DATABASE_URL: all processes need the same key. Create one with: openssl rand -base64 32';
    faults.push({ path: 'MASTER_KEY', message });
  }
  if (isSet(env, 'DATABASE_CA_FILE') && !isSet(env, 'DATABASE_URL')) {
    faults.push({ path: 'DATABASE_CA_FILE', message: 'must not be set without DATABASE_URL' });
  }
  return faults;
};
