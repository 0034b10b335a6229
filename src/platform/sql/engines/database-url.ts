import type { SettingType } from '../../settings/setting-types.ts';

/** Address and credentials of a PostgreSQL database. */
export interface DatabaseUrl {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** True if the connection uses TLS. The server's certificate and host name are then verified. */
  readonly tls: boolean;
}

const shape = 'must be postgres://user:password@host:port/database, with special characters percent-encoded';
const parameters = 'may have only the parameters sslmode and host (a directory with a Unix socket)';
const modes = 'has an sslmode other than disable, require, verify-ca and verify-full';
const verifyingModes = ['require', 'verify-ca', 'verify-full'];

/**
 * Creates the setting type for a `postgres://` or `postgresql://` URL. Error messages contain no part of the URL,
 * because the URL contains a password.
 */
export function databaseUrl(): SettingType<DatabaseUrl> {
  return { label: '`postgres://` URL', parse: parseDatabaseUrl };
}

function parseDatabaseUrl(value: string): DatabaseUrl {
  if (!/^postgres(ql)?:\/\/\S+$/.test(value) || !URL.canParse(value)) throw new Error(shape);
  const url = new URL(value);
  for (const name of url.searchParams.keys())
    if (name !== 'sslmode' && name !== 'host') throw new Error(parameters);
  const host = url.searchParams.get('host') ?? url.hostname.replace(/^\[(.*)\]$/, '$1');
  const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decode);
  if (host === '' || !user || !database || url.hash !== '') throw new Error(shape);
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    user,
    password: password === '' ? undefined : password,
    database,
    tls: usesTls(url.searchParams.get('sslmode'), host),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error(shape);
  }
}

/**
 * Returns whether the connection must use TLS. Throws for modes such as `prefer`, which may continue without TLS or
 * do not verify the certificate.
 */
function usesTls(mode: string | null, host: string): boolean {
  if (mode === null) return !isLocalHost(host);
  if (mode === 'disable') return false;
  if (verifyingModes.includes(mode)) return true;
  throw new Error(modes);
}

function isLocalHost(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.[\d.]+$/.test(host);
}
