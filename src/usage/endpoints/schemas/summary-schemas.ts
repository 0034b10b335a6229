import { Type } from 'typebox';
import { strict, withExample } from '../../../platform/http/routes/schemas.ts';
import { measureParameters } from '../range-parameters.ts';
import {
  ConfigurationIds,
  configurationIdExample,
  counts,
  countsExample,
  filterParameters,
  frame,
  frameExample,
  oneTag,
  tagBudgetFrame,
  tagExample,
  timeZone,
  uniqueViewers,
  viewersFrame,
} from './shared-schemas.ts';

export const SummaryQuery = Type.Object({ ...filterParameters, ...measureParameters }, strict);
export const Summary = Type.Object(
  { ...frame, ...tagBudgetFrame, ...counts, ...viewersFrame, ...uniqueViewers },
  {
    title: 'Usage',
    examples: [{ ...frameExample, ...countsExample, approximate: false, uniqueViewers: 9 }],
  },
);
export const OneTag = Type.Object(
  { tag: Type.String(), ...frame, ...tagBudgetFrame, ...counts },
  { title: 'UsageOfOneTag', examples: [{ tag: tagExample, ...frameExample, ...countsExample }] },
);
export const ConfigurationWindow = Type.Object(
  {
    configurationId: Type.String(),
    name: Type.String(),
    ...frame,
    ...tagBudgetFrame,
    ...counts,
  },
  {
    title: 'UsageWindow',
    examples: [
      {
        configurationId: configurationIdExample,
        name: 'Customer dashboards',
        ...frameExample,
        ...countsExample,
      },
    ],
  },
);

export const TagName = Type.Object({ tag: withExample(oneTag, tagExample) });
export const TagQuery = Type.Object({ timeZone, configurationId: Type.Optional(ConfigurationIds) }, strict);
export const WindowId = Type.Object({
  id: Type.String({ maxLength: 64, examples: [configurationIdExample] }),
});
export const WindowQuery = Type.Object({ timeZone }, strict);
