import type { FastifyRequest } from 'fastify';

/**
 * Whether an Accept header (RFC 9110, 12.5.1) asks for a media type rather than for JSON, which every client gets that
 * does not name the other one: `*` is no name.
 */
export function asksFor(mediaType: string, accept: string | undefined): boolean {
  const weights = weightsOf(accept ?? '');
  const wanted = weights.get(mediaType) ?? 0;
  return wanted > 0 && wanted >= (weights.get('application/json') ?? 0);
}

/**
 * Returns the media type that an Accept header names with the highest weight, the first one of equal ones; undefined when it
 * names none of them.
 */
export function preferredOf(mediaTypes: readonly string[], accept: string | undefined): string | undefined {
  const weights = weightsOf(accept ?? '');
  const weightOf = (mediaType: string) => weights.get(mediaType) ?? 0;
  const [preferred] = mediaTypes.toSorted((one, other) => weightOf(other) - weightOf(one));
  return preferred !== undefined && weightOf(preferred) > 0 ? preferred : undefined;
}

/** Returns whether a request accepts `text/html`, as a browser does that opens a page. */
export function acceptsPage({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.map((one) => /^q=([01](?:\.\d{0,3})?)$/.exec(one)?.[1]).find(Boolean);
    weights.set(type, weight === undefined ? 1 : Number(weight));
  }
  return weights;
}
