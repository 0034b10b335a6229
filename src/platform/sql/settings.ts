import type { Fault } from '../errors/errors.ts';
import { defineSettings, isSet, optional, type SettingRule } from '../settings/define-settings.ts';
import { text } from '../settings/setting-types.ts';
import { databaseUrl } from './engines/database-url.ts';

/** Settings of the control store. */
export const sqlSettings = defineSettings({
  DATABASE_URL: optional(databaseUrl(), {
    secret: true,
    doc: 'PostgreSQL as the control store, which several processes may share; without it, SQLite in DATA_DIR. Needs MASTER_KEY. `?sslmode=` is `require`, `verify-ca` or `verify-full` (all three: TLS, with a certificate that is verified to the name of the host; the default but on this machine itself) or `disable`.',
  }),
  DATABASE_CA_FILE: optional(text(), {
    doc: 'PEM file of the authorities that may sign the certificate of PostgreSQL, instead of those that Node knows.',
  }),
  MASTER_KEY: optional(text({ minLength: 32 }), {
    secret: true,
    doc: 'Encrypts private keys at rest. Without it the first start creates one and keeps it in DATA_DIR/master-key (mode 0600). With DATABASE_URL it must be set, the same for all processes. watmeter refuses to start with another one, and without the file where the control store has secrets.',
  }),
});

/** Processes that share a database need the same key. */
export const sqlSettingRule: SettingRule = (env) => {
  const faults: Fault[] = [];
  if (isSet(env, 'DATABASE_URL') && !isSet(env, 'MASTER_KEY')) {
    const message =
      'must be set with DATABASE_URL: all processes need the same one. Make one with: openssl rand -base64 32';
    faults.push({ path: 'MASTER_KEY', message });
  }
  if (isSet(env, 'DATABASE_CA_FILE') && !isSet(env, 'DATABASE_URL')) {
    faults.push({ path: 'DATABASE_CA_FILE', message: 'must be left out without DATABASE_URL' });
  }
  return faults;
};
