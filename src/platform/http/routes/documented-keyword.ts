/**
 * Name of a schema keyword. Its value replaces the schema in the OpenAPI document. The validator ignores the keyword.
 */
export const documentedKeyword = 'x-documented';
