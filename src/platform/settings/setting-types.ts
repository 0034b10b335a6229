/** Type of a setting. It parses the text of an environment variable. */
export interface SettingType<T> {
  /** Name of the type in docs/reference/configuration.md. */
  readonly label: string;
  /**
   * Parses the text.
   * @throws Error that says which form is expected. The message never contains the text, which may be a secret.
   */
  parse(text: string): T;
}

/** Creates the setting type for a text with at least `minLength` characters (default: 1). */
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

/** Creates the setting type for a decimal integer from `min` to `max`. */
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

/** Creates a setting type that also accepts `auto`. The value then depends on the machine. */
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

/** Creates the setting type for one of the given values. */
export function oneOf<const T extends string>(...values: readonly T[]): SettingType<T> {
  return {
    label: values.map((value) => `\`${value}\``).join(', '),
    parse(value) {
      const match = values.find((candidate) => candidate === value);
      if (match === undefined) throw new Error(`must be one of ${values.join(', ')}`);
      return match;
    },
  };
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const durationUnitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: hourMs,
  d: dayMs,
};

/**
 * Creates the setting type for a duration such as `250ms`, `30s`, `15m`, `8h` or `7d`. The value is in
 * milliseconds.
 */
export function duration(minMs: number, maxMs: number): SettingType<number> {
  return {
    label: 'duration (`250ms`, `30s`, `15m`, `8h`, `7d`)',
    parse(value) {
      const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value);
      const unitMs = durationUnitsMs[match?.[2] ?? ''];
      if (match === null || unitMs === undefined)
        throw new Error('must be a number with a unit: ms, s, m, h or d');
      const ms = Math.round(Number(match[1]) * unitMs);
      if (ms < minMs || ms > maxMs) throw new Error(`must be between ${minMs} ms and ${maxMs} ms`);
      return ms;
    },
  };
}

const byteUnits: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** Creates the setting type for a size such as `64KiB`, `256MiB` or `2GiB`. The value is in bytes. */
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
        throw new Error(`must be between ${minBytes} and ${maxBytes} bytes`);
      return bytes;
    },
  };
}
