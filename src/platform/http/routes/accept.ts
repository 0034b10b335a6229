import type { FastifyRequest } from 'fastify';

/**
 * Returns whether an Accept header (RFC 9110, 12.5.1) prefers a media type to JSON. The header must contain the media
 * type explicitly. Wildcards do not count, because JSON is the default.
 */
export function prefersMediaType(mediaType: string, accept: string | undefined): boolean {
  const weights = weightsOf(accept ?? '');
  const weight = weights.get(mediaType) ?? 0;
  return weight > 0 && weight >= (weights.get('application/json') ?? 0);
}

/**
 * Returns the media type with the highest weight in an Accept header. If several have this weight, returns the first
 * of them in `mediaTypes`. Returns undefined if the header contains none of the media types.
 */
export function preferredOf(mediaTypes: readonly string[], accept: string | undefined): string | undefined {
  const weights = weightsOf(accept ?? '');
  const weightOf = (mediaType: string) => weights.get(mediaType) ?? 0;
  const [preferred] = mediaTypes.toSorted((a, b) => weightOf(b) - weightOf(a));
  return preferred !== undefined && weightOf(preferred) > 0 ? preferred : undefined;
}

/** Returns whether a request accepts `text/html`, as browsers do when they open a page. */
export function acceptsPage({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters
      .map((parameter) => /^q=([01](?:\.\d{0,3})?)$/.exec(parameter)?.[1])
      .find(Boolean);
    weights.set(type, weight === undefined ? 1 : Number(weight));
  }
  return weights;
}
