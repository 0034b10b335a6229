import { isIP } from 'node:net';

/** The kinds of settings: how the text of a variable becomes a value, and what is said when it does not. */
export interface SettingType<T> {
  /** As shown in docs/configuration.md. */
  readonly label: string;
  /** @throws Error whose message says what is expected; it never repeats the value, which may be a secret. */
  parse(text: string): T;
}

export function text(options: { minLength?: number } = {}): SettingType<string> {
  const { minLength = 1 } = options;
  return {
    label: minLength > 1 ? `text of at least ${minLength} characters` : 'text',
    parse(value) {
      if (value.length < minLength) throw new Error(`must have at least ${minLength} characters`);
      return value;
    },
  };
}

export function integer(min: number, max: number): SettingType<number> {
  return {
    label: `integer, ${min} to ${max}`,
    parse(value) {
      const number = Number(value);
      if (!/^\d+$/.test(value) || number < min || number > max) {
        throw new Error(`must be an integer from ${min} to ${max}`);
      }
      return number;
    },
  };
}

/** A value, or `auto`: then it follows from the machine. */
export function autoOr<T>(type: SettingType<T>): SettingType<T | 'auto'> {
  return {
    label: `\`auto\`, ${type.label}`,
    parse(value) {
      if (value === 'auto') return value;
      try {
        return type.parse(value);
      } catch (error) {
        throw new Error(`${(error as Error).message}, or auto`);
      }
    },
  };
}

export function oneOf<const T extends string>(...values: readonly T[]): SettingType<T> {
  return {
    label: values.map((value) => `\`${value}\``).join(', '),
    parse(value) {
      const found = values.find((candidate) => candidate === value);
      if (found === undefined) throw new Error(`must be one of ${values.join(', ')}`);
      return found;
    },
  };
}

const durationUnitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A duration as `250ms`, `30s`, `15m`, `8h` or `7d`; the value is in milliseconds. */
export function duration(minMs: number, maxMs: number): SettingType<number> {
  return {
    label: 'duration (`250ms`, `30s`, `15m`, `8h`, `7d`)',
    parse(value) {
      const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value);
      const unitMs = durationUnitsMs[match?.[2] ?? ''];
      if (match === null || unitMs === undefined)
        throw new Error('must be a number with a unit: ms, s, m, h or d');
      const ms = Math.round(Number(match[1]) * unitMs);
      if (ms < minMs || ms > maxMs) throw new Error(`must lie between ${minMs} ms and ${maxMs} ms`);
      return ms;
    },
  };
}

const byteUnits: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** A size as `64KiB`, `256MiB` or `2GiB`; the value is in bytes. */
export function byteSize(minBytes: number, maxBytes: number): SettingType<number> {
  return {
    label: 'size (`64KiB`, `256MiB`, `2GiB`)',
    parse(value) {
      const match = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)$/.exec(value);
      const unitBytes = byteUnits[match?.[2] ?? ''];
      if (match === null || unitBytes === undefined)
        throw new Error('must be a number with a unit: KiB, MiB or GiB');
      const bytes = Math.round(Number(match[1]) * unitBytes);
      if (bytes < minBytes || bytes > maxBytes)
        throw new Error(`must lie between ${minBytes} and ${maxBytes} bytes`);
      return bytes;
    },
  };
}

/** A name that Kafka takes for a topic (Topic.java: legalChars, MAX_NAME_LENGTH). */
export function topicName(): SettingType<string> {
  return {
    label: 'topic name',
    parse(value) {
      if (!/^[A-Za-z0-9._-]{1,249}$/.test(value) || value === '.' || value === '..')
        throw new Error('must have 1 to 249 letters, digits, dots, underscores and hyphens');
      return value;
    },
  };
}

/** `host:port` pairs with commas between them. */
export function addresses(): SettingType<readonly string[]> {
  return {
    label: '`host:port`, several with commas',
    parse(value) {
      const pairs = value.split(',').map((pair) => pair.trim());
      if (!pairs.every((pair) => /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/.test(pair)))
        throw new Error('must be host:port, several with commas between them');
      return pairs;
    },
  };
}

/** An absolute http or https URL without query and fragment. */
export function httpUrl(): SettingType<string> {
  return {
    label: 'http or https URL',
    parse(value) {
      // The characters are asked for first: URL cuts white space off, and an empty query as well.
      if (!/^https?:\/\/[^\s?#@]+$/.test(value) || !URL.canParse(value)) {
        throw new Error('must be an http or https URL without user, query or fragment');
      }
      return value.replace(/\/+$/, '');
    },
  };
}

/** A domain for cookies, which then go to everything below it as well (RFC 6265, 5.2.3: a leading dot means nothing). */
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

/** Web origins (RFC 6454), written as browsers send them, with commas between them. */
export function origins(): SettingType<readonly string[]> {
  return {
    label: 'origins (`https://portal.example`), several with commas',
    parse(value) {
      const given = value.split(',').map((part) => part.trim());
      const isOrigin = (text: string) =>
        /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
      if (!given.every(isOrigin))
        throw new Error(
          'must be origins such as https://portal.example, without a path, in lower case, with commas between them',
        );
      return given;
    },
  };
}

/** A name that stands in SQL as it is. */
export function sqlName(options: { macros?: boolean } = {}): SettingType<string> {
  const { macros = false } = options;
  return {
    label: macros ? 'name, or a macro such as `{cluster}`' : 'name of letters, digits and underscores',
    parse(value) {
      if (!/^[A-Za-z_]\w{0,63}$/.test(value) && !(macros && /^(\{\w{1,64}\}|[\w.-]{1,64})$/.test(value))) {
        throw new Error('must be a name of letters, digits and underscores');
      }
      return value;
    },
  };
}

/** Which proxies may say where a request comes from (X-Forwarded-For): Fastify's `trustProxy`. */
export function trustedProxies(): SettingType<boolean | string[]> {
  return {
    label: '`true`, `false`, or addresses and CIDR ranges with commas',
    parse(value) {
      if (value === 'true' || value === 'false') return value === 'true';
      const ranges = value.split(',').map((part) => part.trim());
      if (!ranges.every(isAddressRange)) {
        throw new Error('must be true, false, or IP addresses or CIDR ranges with commas between them');
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
