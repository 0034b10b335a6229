import { documentedKeyword } from '../../routes/documented-keyword.ts';
import type { JsonSchema } from '../../routes/route-schema.ts';
import { ruleKeyword } from '../../routes/rule-keyword.ts';

/** Shared schemas of the document, keyed by name. The rest of the document refers to them. */
export interface SchemaComponents {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /**
   * Replaces every schema that has a title by a reference.
   * @throws Error if two different schemas have the same title.
   */
  refer<T>(value: T): T;
}

/** Members of a schema that contain data instead of schemas. */
const dataMembers = ['enum', 'const', 'default', 'example', 'examples'];

/** Creates components that collect every schema with a `title`, under this title. */
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
    const { title, [ruleKeyword]: _rule, ...rest } = Object.fromEntries(members) as JsonSchema;
    if (typeof title === 'string') return keep(title, rest);
    return title === undefined ? rest : { title, ...rest };
  }

  return { schemas, refer: <T>(value: T) => referIn(value) as T };
}

/** Returns the properties of an object schema. */
export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

/**
 * Returns a body schema for the document. It replaces the schema of each member by the member's `x-documented`
 * schema, if there is one.
 */
export function bodyAsDocumented(body: JsonSchema): JsonSchema {
  const members = Object.entries(propertiesOf(body)).map(([name, schema]) => [
    name,
    schema[documentedKeyword] ?? schema,
  ]);
  return withDefaultsOptional(
    members.length === 0 ? body : { ...body, properties: Object.fromEntries(members) },
  );
}

/** Makes members with a default optional. The route always receives them, but callers may omit them. */
export function withDefaultsOptional(schema: JsonSchema): JsonSchema {
  const members = propertiesOf(schema);
  const { required: allRequired, ...rest } = schema;
  if (!Array.isArray(allRequired)) return schema;
  const required = allRequired.filter((name) => members[name]?.['default'] === undefined);
  return required.length === allRequired.length
    ? schema
    : { ...rest, ...(required.length > 0 && { required }) };
}
