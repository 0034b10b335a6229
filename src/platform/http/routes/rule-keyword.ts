/**
 * A schema keyword with the rule in words, such as "must be a colour". Requests that break the schema get this message
 * instead of one message for each keyword. The OpenAPI document does not contain it.
 */
export const ruleKeyword = 'x-rule';
