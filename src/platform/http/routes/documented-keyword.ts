/** A schema keyword whose value replaces the schema in the OpenAPI document. The validator ignores it. */
export const documentedKeyword = 'x-documented';
