import type { TSchema } from 'typebox';
import { jsonOrTable } from '../../../platform/http/formats/documented.ts';
import { configurationIdExample, tagExample } from './shared-schemas.ts';

const countColumns =
  'lastUsed, today, total; with a range also sessions; with compare also previousSessions and change; with the measure ' +
  'uniqueViewers also uniqueViewers and approximate';
const lastUsed = '2026-11-21T09:59:30.019+01:00';
const [start, end] = ['2026-11-20T00:00:00.000+01:00', '2026-11-21T00:00:00.000+01:00'];
const sessionId = '0193703f-7b22-7b8c-847f-65c0e48b2ce2';
const viewer = '0123456789abcdef0123456789abcdef';
const time = '2026-11-30T16:07:08.703+01:00';

/** Builds an example of a CSV response. Each record ends with CRLF. */
const csv = (...records: string[]) => records.map((record) => `${record}\r\n`).join('');
const jsonLine = (row: object) => `${JSON.stringify(row)}\n`;

/** Returns the 200 response of the list of configurations, for the OpenAPI document. */
export const configurationsOrTable = <Schema extends TSchema>(schema: Schema) =>
  jsonOrTable(schema, {
    columns: `configurationId, name, deletedAt, ${countColumns}`,
    csvExample: csv(
      'configurationId,name,deletedAt,lastUsed,today,total',
      `${configurationIdExample},Customer dashboards,,${lastUsed},3,41`,
    ),
    jsonLinesExample: jsonLine({
      ...{ configurationId: configurationIdExample, name: 'Customer dashboards', deletedAt: null },
      ...{ lastUsed, today: 3, total: 41 },
    }),
  });

/** Returns the 200 response of the list of tags, for the OpenAPI document. */
export const tagsOrTable = <Schema extends TSchema>(schema: Schema) =>
  jsonOrTable(schema, {
    columns: `tag, ${countColumns}`,
    csvExample: csv('tag,lastUsed,today,total', `${tagExample},${lastUsed},3,41`),
    jsonLinesExample: jsonLine({ tag: tagExample, lastUsed, today: 3, total: 41 }),
  });

/** Returns the 200 response of the series, for the OpenAPI document. */
export const seriesOrTable = <Schema extends TSchema>(schema: Schema) =>
  jsonOrTable(schema, {
    columns:
      'key, isOther, start, end, sessions; with compare also previousStart, previousEnd and previousSessions; with the measure ' +
      'lastUsed also lastUsed; with the measure uniqueViewers also uniqueViewers and approximate. A workbook has the columns ' +
      'start, end and one column for each key',
    csvExample: csv('key,isOther,start,end,sessions', `${configurationIdExample},false,${start},${end},41`),
    jsonLinesExample: jsonLine({ key: configurationIdExample, isOther: false, start, end, sessions: 41 }),
  });

/** Returns the 200 response of the heat map, for the OpenAPI document. */
export const heatmapOrTable = <Schema extends TSchema>(schema: Schema) =>
  jsonOrTable(schema, {
    columns: 'weekday, hour, sessions',
    csvExample: csv('weekday,hour,sessions', '1,16,41'),
    jsonLinesExample: jsonLine({ weekday: 1, hour: 16, sessions: 41 }),
  });

/** Returns the 200 response of the list of sessions, for the OpenAPI document. */
export const sessionsOrTable = <Schema extends TSchema>(schema: Schema) =>
  jsonOrTable(schema, {
    columns:
      'id, time, configurationId, tags (a JSON array), viewer; for API tokens with access to all organisations also organisationId and producer',
    csvExample: csv(
      'id,time,configurationId,tags,viewer',
      `${sessionId},${time},${configurationIdExample},"[""${tagExample}""]",${viewer}`,
    ),
    jsonLinesExample: jsonLine({
      ...{ id: sessionId, time, configurationId: configurationIdExample },
      ...{ tags: [tagExample], viewer },
    }),
  });
