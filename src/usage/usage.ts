import { answerConfigurations } from './answers/configurations.ts';
import type { AnswerDeps } from './answers/frame.ts';
import type { PageRequest } from './answers/paging.ts';
import { answerSummary } from './answers/summary.ts';
import { answerTags } from './answers/tags.ts';
import type { UsageFilter } from './query.ts';

export type UsageService = ReturnType<typeof createUsage>;

/** Returns the answers of the usage API: the one place where UTC counts meet a time zone. */
export function createUsage(deps: AnswerDeps) {
  return {
    summary: (filter: UsageFilter, timeZone: string) => answerSummary(deps, filter, timeZone),
    configurations: (filter: UsageFilter, timeZone: string, page: PageRequest) =>
      answerConfigurations(deps, filter, timeZone, page),
    tags: (filter: UsageFilter, timeZone: string, page: PageRequest) =>
      answerTags(deps, filter, timeZone, page),
  };
}
