/** OpenAPI tags and their descriptions. */
export const tokenTags = {
  'token configurations': 'Named key pairs that create and open web access tokens.',
  'web access tokens': 'Create and test single tokens.',
  'token request service': 'Create tokens with an API token instead of a public key, and revoke tokens.',
  directory: 'The viewers and resources of the application. Token tests look them up.',
};
