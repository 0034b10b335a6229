import type { JsonSchema } from '../collect-routes.ts';

export const jsonType = 'application/json';

/** Schemas that are shared: named once, referred to from everywhere else. */
export interface SchemaComponents {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** The schema with every titled one in it replaced by a reference. @throws when two differ under one title. */
  refer(schema: JsonSchema): JsonSchema;
}

/** Members whose values are data and no schemas. */
const dataMembers = ['enum', 'const', 'default', 'example', 'examples'];

/** Schemas with a `title` become components of that name. */
export function createSchemaComponents(initial: Readonly<Record<string, JsonSchema>>): SchemaComponents {
  const schemas: Record<string, JsonSchema> = { ...initial };

  function keep(name: string, schema: JsonSchema): JsonSchema {
    const known = schemas[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`two schemas have the title ${name}`);
    schemas[name] = schema;
    return { $ref: `#/components/schemas/${name}` };
  }

  function referIn(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(referIn);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([name, inner]) => [
      name,
      dataMembers.includes(name) ? inner : referIn(inner),
    ]);
    const { title, ...rest } = Object.fromEntries(members) as JsonSchema;
    if (typeof title === 'string') return keep(title, rest);
    return title === undefined ? rest : { title, ...rest };
  }

  return { schemas, refer: (schema) => referIn(schema) as JsonSchema };
}
