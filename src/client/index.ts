export { createWatClient, type WatClient, type WatClientOptions } from './client.ts';
export { WatError, type WatErrorCode } from './errors.ts';
export type { WatSession, WatSessionClaims } from './gateway.ts';
