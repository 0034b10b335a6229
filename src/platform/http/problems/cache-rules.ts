import type { FastifyReply } from 'fastify';

/**
 * Marks a response as private to the credentials of its request: caches must not store it, and a cache that does so
 * nevertheless must not return it for other credentials (RFC 9110, 12.5.5; RFC 9111, 5.2.2.5).
 */
export function forbidStoring(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store');
  addVary(reply, 'Cookie, Authorization');
}

/** Adds header names to `Vary`. Another hook may have set some already. */
export function addVary(reply: FastifyReply, names: string): void {
  const present = reply.getHeader('vary');
  reply.header('vary', present === undefined ? names : `${present}, ${names}`);
}
