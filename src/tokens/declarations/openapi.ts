/** The tags of the OpenAPI document, with what each one stands for. */
export const tokenTags = {
  'token configurations': 'Named key pairs that web access tokens are made with.',
  'web access tokens': 'Making and testing single tokens.',
  'token request service':
    'Tokens for back ends that hold an API token instead of a public key; revoking tokens.',
  directory: 'Viewers and resources of the application, which tests of tokens go by.',
};
