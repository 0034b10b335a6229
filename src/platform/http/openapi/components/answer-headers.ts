import type { AnswerHeader, JsonSchema } from '../../routes/route-schema.ts';

/**
 * Returns the `headers` member of a response as an object that can be spread. The object is empty if there are no
 * headers.
 */
export function headersOf(headers: readonly AnswerHeader[]) {
  if (headers.length === 0) return {};
  return {
    headers: Object.fromEntries(
      headers.map((header) => [header.name, { $ref: `#/components/headers/${componentOf(header)}` }]),
    ),
  };
}

/**
 * Returns the header components of the document.
 * @throws Error if two different headers have the same component name.
 */
export function headerComponents(headers: readonly AnswerHeader[]): Record<string, JsonSchema> {
  const components: Record<string, JsonSchema> = {};
  for (const header of headers) {
    const { description, isOptional } = header;
    const name = componentOf(header);
    const component = {
      description,
      ...(isOptional !== true && { required: true }),
      schema: { type: 'string' },
    };
    if (JSON.stringify(components[name] ?? component) !== JSON.stringify(component))
      throw new Error(`two headers are the component ${name}`);
    components[name] = component;
  }
  return components;
}

function componentOf({ name, component }: AnswerHeader): string {
  return component ?? name;
}
