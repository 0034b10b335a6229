import { type Command, InvalidArgumentError } from 'commander';

/** Collects the values of a repeatable option. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

/**
 * Parses a whole number of at least 1.
 * @throws InvalidArgumentError for other text.
 */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

/** Parses a whole number, 0 or more. @throws InvalidArgumentError for other text. */
export function parseWhole(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0.');
}

/**
 * Parses a whole number of seconds, 0 or more.
 * @throws InvalidArgumentError for other text.
 */
export function parseSeconds(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds.');
}

/**
 * Parses a date, with or without a time, to epoch milliseconds.
 * @throws InvalidArgumentError for other text.
 */
export function parseTime(text: string): number {
  const timeMs = Date.parse(text);
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new InvalidArgumentError('It must be an instant such as 2026-11-21T08:00:00Z.');
}

/** Adds the options in `ApiOptions` to a command. */
export function addApiOptions(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .option('--url <url>', 'address of the instance (default: HOST and PORT of the settings)')
    .option(
      '--api-token-file <file>',
      'file with the API token, - for standard input (default: ADMIN_TOKEN, else DATA_DIR/admin-token)',
    )
    .optionsGroup('Output:')
    .option('--json', 'print JSON, one value per line');
}
