import { maxTagCodePoints } from '../../events/session-event.ts';
import type { JsonSchema } from '../../platform/http/routes/route-schema.ts';
import { WatClaimsSchema } from './claims-schema.ts';

/**
 * Converts a claims schema to plain JSON Schema for the OpenAPI document, without custom keywords. Every payload that
 * passes the `structure` level of validation matches the result. The result omits rules that JSON Schema cannot
 * express: total sizes and unpaired surrogates.
 */
function describe({ rule, fix: _, maxUtf16, wellFormed: __, tag, ...node }: JsonSchema): JsonSchema {
  const { properties, items, description } = node;
  return {
    ...node,
    ...(properties !== undefined && {
      properties: describeAll(
        properties as Record<string, JsonSchema>,
        node['required'] as string[] | undefined,
      ),
    }),
    ...(items !== undefined && { items: describe(items as JsonSchema) }),
    // A text within a limit of UTF-16 units is also within the same limit of code points.
    ...(maxUtf16 !== undefined && { maxLength: maxUtf16 }),
    ...(tag === true && { minLength: 1, maxLength: maxTagCodePoints }),
    description: [description, node['enum'] === undefined ? `Must be ${rule}` : undefined]
      .filter((text) => text !== undefined)
      .join('. '),
  };
}

/** Describes the members of an object. Members that are not required can be null, which means absent. */
function describeAll<Name extends string>(
  nodes: Readonly<Record<Name, JsonSchema>>,
  required: readonly string[] = [],
): Record<Name, JsonSchema> {
  const described = Object.entries<JsonSchema>(nodes).map(([name, node]) => [
    name,
    required.includes(name) ? describe(node) : orNull(describe(node)),
  ]);
  return Object.fromEntries(described);
}

function orNull(node: JsonSchema): JsonSchema {
  const types = [node['type']].flat();
  return {
    ...node,
    type: [...new Set([...types, 'null'])],
    ...(node['enum'] !== undefined && { enum: [...(node['enum'] as unknown[]), null] }),
  };
}

type ClaimName = keyof typeof WatClaimsSchema.properties;

const { grants, ...others } = describeAll<ClaimName>(
  WatClaimsSchema.properties as never,
  WatClaimsSchema.required,
);

/** OpenAPI schema of each claim, by claim name. */
export const claimDescriptions: Readonly<Record<ClaimName, JsonSchema>> = {
  ...others,
  grants: { ...grants, title: 'Grants' },
};

/** OpenAPI schema of all claims together. Other claims are allowed, but ignored. */
export const claimsDescription: JsonSchema = {
  title: 'WebAccessTokenClaims',
  type: 'object',
  description: 'The claims of a web access token. Other claims are allowed and ignored',
  required: WatClaimsSchema.required,
  properties: claimDescriptions,
};
