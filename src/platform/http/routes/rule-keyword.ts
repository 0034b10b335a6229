/**
 * Name of a schema keyword. Its value is the rule in words, such as "must be a colour". A value that breaks the
 * schema causes one error with this message, instead of one error per broken keyword. The OpenAPI document does not
 * contain the keyword.
 */
export const ruleKeyword = 'x-rule';
