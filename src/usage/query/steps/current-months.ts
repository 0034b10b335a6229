import { storeErrorCode, storeErrorCodes } from '../../../platform/clickhouse/errors.ts';
import { type MonthSources, withMonthSources } from './month-source.ts';
import type { UsagePlan } from './step.ts';

/** Converts a plan to one with the same counts that reads months from sources. */
export type Rewrite = (plan: UsagePlan) => UsagePlan;

/** Number of attempts with the optional sources. */
const attempts = 2;

/**
 * Runs a query on plans that read months from the current sources. If a month has changed since the sources were read,
 * the statement fails, and the query runs again on new sources. The last attempt uses only the sources that are not
 * optional.
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
