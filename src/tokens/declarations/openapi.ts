/** OpenAPI tags and their descriptions. */
export const tokenTags = {
  'token configurations':
    'Named RSA key pairs. The public key creates web access tokens, the private key decrypts them.',
  'web access tokens': 'Create and test single tokens.',
  'token request service': 'Create tokens with an API token instead of a public key, and revoke tokens.',
  directory: 'The viewers and resources of the application, against which token tests check a token.',
};
