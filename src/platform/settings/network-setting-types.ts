import { isIP } from 'node:net';
import type { SettingType } from './setting-types.ts';

/** Creates the setting type for a comma-separated list of `host:port` pairs. */
export function addresses(): SettingType<readonly string[]> {
  return {
    label: '`host:port` pairs, separated by commas',
    parse(value) {
      const pairs = value.split(',').map((pair) => pair.trim());
      if (!pairs.every((pair) => /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/.test(pair)))
        throw new Error('must be host:port pairs, separated by commas');
      return pairs;
    },
  };
}

/**
 * Creates the setting type for an absolute http or https URL without user, query or fragment. The value has no final
 * slash.
 */
export function httpUrl(): SettingType<string> {
  return {
    label: 'http or https URL',
    parse(value) {
      // The characters are checked first, because `URL` removes white space and accepts an empty query.
      if (!/^https?:\/\/[^\s?#@]+$/.test(value) || !URL.canParse(value)) {
        throw new Error('must be an http or https URL without user, query or fragment');
      }
      return value.replace(/\/+$/, '');
    },
  };
}

/**
 * Creates the setting type for the domain of a cookie. Its subdomains receive the cookie too. A leading dot is
 * ignored (RFC 6265, 5.2.3).
 */
export function domainName(): SettingType<string> {
  const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
  const shape = new RegExp(`^\\.?(${label}(?:\\.${label})+)$`);
  return {
    label: 'domain name',
    parse(value) {
      const domain = shape.exec(value)?.[1]?.toLowerCase();
      if (domain === undefined || domain.length > 253 || isIP(domain) !== 0)
        throw new Error('must be a domain name such as example.com');
      return domain;
    },
  };
}

/**
 * Creates the setting type for a comma-separated list of web origins (RFC 6454), in the form in which browsers send
 * them.
 */
export function origins(): SettingType<readonly string[]> {
  return {
    label: 'origins (`https://portal.example`), separated by commas',
    parse(value) {
      const parts = value.split(',').map((part) => part.trim());
      const isOrigin = (text: string) =>
        /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
      if (!parts.every(isOrigin))
        throw new Error(
          'must be origins such as https://portal.example, without a path, in lower case, separated by commas',
        );
      return parts;
    },
  };
}

/**
 * Creates the setting type for proxies whose X-Forwarded-For header is trusted. The values are those of Fastify's
 * `trustProxy`.
 */
export function trustedProxies(): SettingType<boolean | string[]> {
  return {
    label: '`true`, `false`, or IP addresses and CIDR ranges, separated by commas',
    parse(value) {
      if (value === 'true' || value === 'false') return value === 'true';
      const ranges = value.split(',').map((part) => part.trim());
      if (!ranges.every(isAddressRange)) {
        throw new Error('must be true, false, or IP addresses and CIDR ranges, separated by commas');
      }
      return ranges;
    },
  };
}

function isAddressRange(range: string): boolean {
  const [address = '', prefix, ...rest] = range.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  if (bits === undefined || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}
