import { documentedKeyword } from '../../routes/documented-keyword.ts';
import type { JsonSchema } from '../../routes/route-schema.ts';

/** The schemas that the document shares: each has a name, and everything else refers to it. */
export interface SchemaComponents {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Returns the value with every titled schema in it replaced by a reference. @throws when two differ under one title. */
  refer<T>(value: T): T;
}

/** Members whose values are data and no schemas. */
const dataMembers = ['enum', 'const', 'default', 'example', 'examples'];

/** Turns schemas with a `title` into components of that name. */
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

  return { schemas, refer: <T>(value: T) => referIn(value) as T };
}

/** Returns the members of an object's schema. */
export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

/** Returns a body's schema as callers meet it. */
export function bodyAsDocumented(body: JsonSchema): JsonSchema {
  const members = Object.entries(propertiesOf(body)).map(([name, schema]) => [
    name,
    schema[documentedKeyword] ?? schema,
  ]);
  return withDefaultsOptional(
    members.length === 0 ? body : { ...body, properties: Object.fromEntries(members) },
  );
}

/** Returns the schema with members that have a default optional: the route finds them, callers may leave them out. */
export function withDefaultsOptional(schema: JsonSchema): JsonSchema {
  const members = propertiesOf(schema);
  const { required: all, ...rest } = schema;
  if (!Array.isArray(all)) return schema;
  const required = all.filter((name) => members[name]?.['default'] === undefined);
  return required.length === all.length ? schema : { ...rest, ...(required.length > 0 && { required }) };
}
