import { answerConfigurations } from './answers/configurations.ts';
import type { AnswerDeps } from './answers/frame.ts';
import type { ListRequest } from './answers/list.ts';
import { answerSummary } from './answers/summary.ts';
import { answerTags } from './answers/tags.ts';
import type { UsageFilter } from './query/query.ts';

export type UsageService = ReturnType<typeof createUsage>;

/** Creates the functions of the usage API. Only they convert between UTC counts and time zones. */
export function createUsage(deps: AnswerDeps) {
  return {
    summary: (filter: UsageFilter, timeZone: string) => answerSummary(deps, filter, timeZone),
    configurations: (filter: UsageFilter, request: ListRequest) =>
      answerConfigurations(deps, filter, request),
    tags: (filter: UsageFilter, request: ListRequest) => answerTags(deps, filter, request),
  };
}
