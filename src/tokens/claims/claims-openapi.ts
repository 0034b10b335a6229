import { maxTagCodePoints } from '../../events/session-event.ts';
import type { JsonSchema } from '../../platform/http/routes/route-schema.ts';
import { WatClaimsSchema } from './claims-schema.ts';

/**
 * Returns a schema of claims for the OpenAPI document: plain JSON Schema, without custom keywords. It accepts every
 * payload that the structure level accepts. It omits the rules that only that level can check: total sizes and unpaired
 * surrogates.
 */
function describe({ rule, fix: _, maxUtf16, wellFormed: __, tag, ...node }: JsonSchema): JsonSchema {
  const { properties, items, description } = node;
  return {
    ...node,
    ...(properties !== undefined && { properties: describeAll(properties as Record<string, JsonSchema>) }),
    ...(items !== undefined && { items: describe(items as JsonSchema) }),
    // Text within a limit in UTF-16 units is also within the same limit in code points.
    ...(maxUtf16 !== undefined && { maxLength: maxUtf16 }),
    ...(tag === true && { minLength: 1, maxLength: maxTagCodePoints }),
    description: [description, node['enum'] === undefined ? `Must be ${rule}` : undefined]
      .filter((text) => text !== undefined)
      .join('. '),
  };
}

function describeAll<Name extends string>(
  nodes: Readonly<Record<Name, JsonSchema>>,
): Record<Name, JsonSchema> {
  const described = Object.entries<JsonSchema>(nodes).map(([name, node]) => [name, describe(node)]);
  return Object.fromEntries(described);
}

type ClaimName = keyof typeof WatClaimsSchema.properties;

const { grants, ...others } = describeAll<ClaimName>(WatClaimsSchema.properties as never);

/** The OpenAPI schema of each claim, by the name of the claim. */
export const claimDescriptions: Readonly<Record<ClaimName, JsonSchema>> = {
  ...others,
  grants: { ...grants, title: 'Grants' },
};

/** The OpenAPI schema of all claims together. Other claims are allowed and ignored. */
export const claimsDescription: JsonSchema = {
  title: 'WebAccessTokenClaims',
  type: 'object',
  description: 'The claims of a web access token. Other claims are allowed and ignored',
  required: WatClaimsSchema.required,
  properties: claimDescriptions,
};
