import type { ConversionGuard } from '../../../consumers/conversion/conversion-guard.ts';
import {
  type ConversionProgress,
  convertEventTable,
} from '../../../consumers/conversion/convert-event-table.ts';
import { eventTable, nextTable } from '../../../consumers/conversion/statements.ts';
import type { ClickHouseClient } from '../../platform/clickhouse/client.ts';
import { type ClickHouseMigrationConfig, renderStatement } from '../../platform/clickhouse/migrate.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { SqlFile } from '../../platform/files/sql-files.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';

export interface TableConversionDeps {
  readonly client: ClickHouseClient;
  readonly guard: ConversionGuard;
  readonly failpoint: Failpoint;
  readonly onProgress?: (text: string) => void;
  /** Approximate number of rows that one statement copies. Default: 500,000, which takes a few seconds. */
  readonly rowsPerStatement?: number;
}

/** The conversion of an event table that an older version created. */
export interface TableConversion {
  /** Converts the table if it has the older format. */
  run(): Promise<void>;
  /** Returns the progress of a running conversion, or undefined if none is running. */
  trouble(): string | undefined;
  /** Stops a running conversion after its current statement. The next start continues it. */
  stop(): Promise<void>;
}

/** Creates the conversion. The migration files define the format to which the table is converted. */
export function createTableConversion(
  files: readonly SqlFile[],
  config: ClickHouseMigrationConfig,
  { client, guard, failpoint, onProgress = () => {}, rowsPerStatement = 500_000 }: TableConversionDeps,
): TableConversion {
  let isStopping = false;
  let progress: string | undefined;
  const report = (next: ConversionProgress) => {
    progress = progressText(next);
    onProgress(progress);
  };
  return {
    async run() {
      try {
        const isConverted = await convertEventTable(
          {
            rowsPerStatement,
            createNextTable: createNextTable(files, config),
            render: (statement) => renderStatement(statement, config),
          },
          { client, guard, failpoint, onProgress: report, isStopping: () => isStopping },
        );
        if (isConverted) onProgress('the event table is converted');
      } finally {
        progress = undefined;
      }
    },
    trouble: () => progress,
    async stop() {
      isStopping = true;
    },
  };
}

/**
 * Creates the component that stops a conversion. Its place is after the sinks, so that it stops first: a sink that
 * waits for the conversion can stop only after the conversion has stopped.
 */
export function conversionComponent({ stop }: Pick<TableConversion, 'stop'>): Component {
  return { name: 'conversion of the event table', stop };
}

/** Creates the readiness check that shows the progress of a conversion. */
export function conversionCheck({ trouble }: Pick<TableConversion, 'trouble'>): ReadinessCheck {
  return { name: 'event table', trouble, isHarmless: true };
}

/**
 * Returns the readiness checks of a process that accepts sessions during a conversion. During the conversion, its
 * sinks report no problem, because the journal keeps the sessions.
 */
export function acceptingDuringConversion(
  sinks: readonly ReadinessCheck[],
  conversion: Pick<TableConversion, 'trouble'>,
): ReadinessCheck[] {
  const waiting = sinks.map((check) => ({
    ...check,
    trouble: () => (conversion.trouble() === undefined ? check.trouble() : undefined),
  }));
  return [...waiting, conversionCheck(conversion)];
}

/** Returns the statements that create the event table in today's format, under the name of the next table. */
function createNextTable(files: readonly SqlFile[], config: ClickHouseMigrationConfig): string[] {
  const ofEventTable = new RegExp(`^(CREATE TABLE IF NOT EXISTS|ALTER TABLE) ${eventTable}\\b`);
  return files
    .flatMap(({ statements }) => statements)
    .filter((statement) => ofEventTable.test(statement))
    .map((statement) => renderStatement(statement.replace(ofEventTable, `$1 ${nextTable}`), config));
}

function progressText({ month, copiedRows, totalRows }: ConversionProgress): string {
  const count = (rows: number) => rows.toLocaleString('en-US');
  return `converting the event table: ${count(copiedRows)} of ${count(totalRows)} sessions (month ${month})`;
}
