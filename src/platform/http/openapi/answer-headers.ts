/** A header of answers. */
interface HeaderNote {
  /** What it is called, where several operations mean something else by it. */
  readonly name?: string;
  readonly description: string;
  /** It may be missing. */
  readonly isOptional?: true;
}

const percentEncoded = 'percent-encoded (UTF-8); empty where there is none';

/** Headers of answers that clients go by. */
export const answerHeaders = {
  location: { description: 'Path of what was made' },
  target: {
    name: 'location',
    description: 'Where the link leads; with LINK_HANDOFF=code, wat_code is in its query',
  },
  etag: { description: 'Changes with the document' },
  'dashboard-cookie': { name: 'set-cookie', description: 'watmeter_ui: HttpOnly, SameSite=Strict' },
  'link-cookie': {
    name: 'set-cookie',
    description: 'With LINK_HANDOFF=cookie: wat_session, and wat_entry_... for a minute; both HttpOnly',
    isOptional: true,
  },
  'renewed-cookie': {
    name: 'set-cookie',
    description: 'wat_session anew, for who came with it, when it is renewed: to be passed on to the browser',
    isOptional: true,
  },
  'x-wat-renewed-token': {
    description:
      'A webSessionToken that lives longer, for who came with headers, when half of its time is over',
    isOptional: true,
  },
  'x-wat-renewed-expires': { description: 'Until when that one is valid', isOptional: true },
  'x-wat-subject': { description: 'sub, percent-encoded (UTF-8)' },
  'x-wat-configuration': { description: 'Id of the token configuration' },
  'x-wat-organisation': { description: 'Id of the organisation' },
  'x-wat-session': { description: 'Id of the session' },
  'x-wat-language': { description: `lng, ${percentEncoded}` },
  'x-wat-locale': { description: `loc, ${percentEncoded}` },
  'x-wat-theme': { description: `thm, ${percentEncoded}` },
  'x-wat-grants': {
    description:
      'grants as base64url of its JSON; `ref` where that is longer than 4 KiB: then the claims have it; empty: inherited',
  },
  'x-wat-assertion': {
    description: 'A JWT (EdDSA) of 60 seconds that says the same; /.well-known/jwks.json has its key',
  },
  'content-disposition': { description: 'A name for the file, with format=pub', isOptional: true },
  'x-configuration-id': { description: 'Id of the token configuration, with format=pub', isOptional: true },
  'www-authenticate': { description: 'How to authenticate' },
  'retry-after': { description: 'Seconds to wait before the next try' },
} as const satisfies Readonly<Record<string, HeaderNote>>;

export type AnswerHeader = keyof typeof answerHeaders;

/** The member `headers` of an answer. */
export function headersOf(names: readonly AnswerHeader[]) {
  if (names.length === 0) return {};
  const nameOf = (key: AnswerHeader): string => ({ name: key, ...answerHeaders[key] }).name;
  return {
    headers: Object.fromEntries(names.map((key) => [nameOf(key), { $ref: `#/components/headers/${key}` }])),
  };
}

/** Every header as a component. */
export function headerComponents() {
  const notes: readonly (readonly [string, HeaderNote])[] = Object.entries(answerHeaders);
  return Object.fromEntries(
    notes.map(([key, { description, isOptional }]) => [
      key,
      { description, ...(isOptional !== true && { required: true }), schema: { type: 'string' } },
    ]),
  );
}
