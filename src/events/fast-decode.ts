import { sessionEventType } from './session-event.ts';

/** Members of an event in canonical form (the exact output of `encodeSessionEvent`). They are not validated. */
export interface CanonicalEvent {
  readonly sessionId: string;
  readonly producer: string;
  readonly configurationId: string;
  readonly time: string;
  readonly sequence: string;
  readonly partition: number;
  readonly organisationId: string;
  readonly tags: string[];
  readonly viewer: string;
}

const id = '([A-Za-z0-9._-]{1,64})';
const uuid = '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})';
/** Matches an array of JSON strings without escapes. The characters between the quotes are then the text itself. */
const plainStrings = '\\[((?:"[^"\\\\\\x00-\\x1f]+"(?:,"[^"\\\\\\x00-\\x1f]+")*)?)\\]';

/** Matches the exact output of `encodeSessionEvent`. */
const canonicalForm = new RegExp(
  `^{"specversion":"1\\.0","type":"${sessionEventType.replaceAll('.', '\\.')}","id":"${uuid}",` +
    `"source":"/gateways/${id}","subject":"${id}","time":"([0-9TZ:.-]{20,30})",` +
    `"datacontenttype":"application/json","sequence":"([1-9]\\d{0,15})","streampartition":(0|[1-9]\\d{0,8}),` +
    `"data":{"organisationId":"${id}","tags":${plainStrings},"viewer":"([0-9a-f]{32})"}}$`,
);

/**
 * Reads an event in canonical form without a JSON parser, in a quarter of the time. Nearly every event has this form.
 * Returns undefined for any other form, and if a tag contains escapes, because decoding them needs a JSON parser.
 */
export function readCanonicalEvent(body: string): CanonicalEvent | undefined {
  const match = canonicalForm.exec(body);
  if (match === null) return undefined;
  const [, sessionId, producer, configurationId, time, sequence, partition, organisationId, tags, viewer] =
    match as unknown as string[];
  return {
    sessionId: sessionId as string,
    producer: producer as string,
    configurationId: configurationId as string,
    time: time as string,
    sequence: sequence as string,
    partition: Number(partition),
    organisationId: organisationId as string,
    tags: tags ? tags.slice(1, -1).split('","') : [],
    viewer: viewer as string,
  };
}
