import { Type } from 'typebox';
import { NextCursor } from '../../platform/http/routes/paging.ts';
import { ruleKeyword } from '../../platform/http/routes/rule-keyword.ts';
import { strict, withExample } from '../../platform/http/routes/schemas.ts';
import type { DirectoryKind } from './directory-store.ts';

const maxItems = 1000;

const noControls = '[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]';
const Id = Type.String({
  ...{ minLength: 1, maxLength: 1024, pattern: `^${noControls}*$` },
  description: 'The id that tokens contain in `sub` or in `grants.res`',
  [ruleKeyword]: 'must have 1 to 1024 characters and no control characters',
});
const Title = Type.String({
  ...{ minLength: 1, maxLength: 256, pattern: `^${noControls}*$` },
  [ruleKeyword]: 'must have 1 to 256 characters and no control characters',
});
const DataSources = Type.Array(Title, {
  maxItems: 100,
  description: 'The titles of the data sources that the resource shows',
});
const Subject = Type.Object({ id: Id }, { ...strict, title: 'Subject' });
const Resource = Type.Object(
  { id: Id, dataSources: Type.Optional(DataSources) },
  { ...strict, title: 'Resource' },
);
interface Item {
  readonly id: string;
  readonly dataSources?: readonly string[];
}

export const Registered = Type.Object(
  { upserted: Type.Integer({ description: 'The number of new and replaced entries' }) },
  { title: 'DirectoryRegistered', examples: [{ upserted: 1 }] },
);
const Deletion = Type.Object(
  { ids: Type.Array(Id, { minItems: 1, maxItems }) },
  { ...strict, title: 'DirectoryDeletion' },
);
export const Deleted = Type.Object(
  { deleted: Type.Integer({ description: 'The number of deleted entries' }) },
  { title: 'DirectoryDeleted', examples: [{ deleted: 1 }] },
);

const kinds = {
  subjects: { noun: 'Subject', schema: Subject, example: { id: 'alice@example.com' } },
  resources: {
    noun: 'Resource',
    schema: Resource,
    example: { id: 'dashboards/sales', dataSources: ['Sales'] },
  },
} as const;

/** Returns the route schemas for subjects or resources, and the noun in their operation ids. */
export function directorySchemas(kind: DirectoryKind) {
  const { noun, schema, example } = kinds[kind];
  return {
    noun,
    Id: Type.Object({ id: Type.String({ maxLength: 1024, examples: [example.id] }) }),
    List: Type.Object(
      { items: Type.Array(schema), nextCursor: NextCursor },
      { title: `${noun}List`, examples: [{ items: [example], nextCursor: null }] },
    ),
    NewItems: Type.Object(
      { items: Type.Unsafe<Item[]>(Type.Array(schema, { minItems: 1, maxItems })) },
      { ...strict, title: `New${noun}s`, examples: [{ items: [example] }] },
    ),
    Deletion: withExample(Deletion, { ids: [example.id] }),
  };
}
