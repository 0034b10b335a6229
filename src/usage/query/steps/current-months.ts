import { storeErrorCode, storeErrorCodes } from '../../../platform/clickhouse/errors.ts';
import { type MonthSources, withMonthSources } from './month-source.ts';
import type { UsagePlan } from './step.ts';

/** Converts a plan to a plan with the same counts that reads months from month sources. */
export type Rewrite = (plan: UsagePlan) => UsagePlan;

/** Number of attempts with optional sources, before an attempt without them. */
const attempts = 2;

/**
 * Runs a query whose plans read months from the current month sources. If a month has changed since the sources were
 * read, the statement fails. The sources are then read again, and the query is repeated. The third and last attempt uses
 * no optional sources.
 */
export async function withCurrentMonths<T>(
  months: MonthSources,
  query: (rewrite: Rewrite) => Promise<T>,
): Promise<T> {
  let sources = await months.current();
  for (let attempt = 0; attempt < attempts; attempt += 1)
    try {
      return await query((plan) => withMonthSources(plan, sources));
    } catch (error) {
      if (storeErrorCode(error) !== storeErrorCodes.guardFailed) throw error;
      sources = await months.refresh();
    }
  return query((plan) =>
    withMonthSources(
      plan,
      sources.filter(({ isOptional }) => !isOptional),
    ),
  );
}
