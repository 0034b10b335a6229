import { api, call, withoutBody } from '../../api/client.ts';
import type { components } from '../../api/schema.ts';
import { loadPages } from '../../data/load-pages.ts';
import { useQuery } from '../../data/use-query.ts';

type Schemas = components['schemas'];
export type ApiToken = Schemas['ApiToken'];
export type NewApiToken = Schemas['NewApiToken'];
export type Organisation = Schemas['Organisation'];
export type AuditEntry = Schemas['AuditEntry'];
export type Activity = Schemas['ApiTokenActivity'];

const base = '/api/v1/api-tokens';
const one = '/api/v1/api-tokens/{id}';

/** Loads the newest `wanted` API tokens. */
export function useApiTokens(wanted: number) {
  return useQuery(`tokens ${wanted}`, (signal) =>
    loadPages<ApiToken, Schemas['ApiTokenList']>(wanted, (query) =>
      call(api.GET(base, { params: { query }, signal }), signal),
    ),
  );
}

/** Loads one API token. */
export function useApiToken(id: string) {
  return useQuery(id, (signal) => call(api.GET(one, { params: { path: { id } }, signal }), signal));
}

/** Loads the newest `wanted` log entries of an API token: its changes, and the authentications with it. */
export function useActivities(id: string, wanted: number) {
  return useQuery(`${id} ${wanted}`, (signal) =>
    loadPages<Activity, Schemas['ApiTokenLog']>(wanted, (query) =>
      call(api.GET(`${one}/log`, { params: { path: { id }, query }, signal }), signal),
    ),
  );
}

/** Loads up to `wanted` organisations to which the signed-in API token has access. */
export function useOrganisations(wanted: number) {
  return useQuery(`organisations ${wanted}`, (signal) =>
    loadPages<Organisation, Schemas['OrganisationList']>(wanted, (query) =>
      call(api.GET('/api/v1/organisations', { params: { query }, signal }), signal),
    ),
  );
}

export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly result?: 'STARTED' | 'OK' | 'FAIL';
}

/** Loads the newest `wanted` audit log entries that match the filter. */
export function useAudit(filter: AuditFilter, wanted: number) {
  return useQuery(JSON.stringify([filter, wanted]), (signal) =>
    loadPages<AuditEntry, Schemas['AuditLog']>(wanted, (page) =>
      call(api.GET('/api/v1/audit', { params: { query: { ...filter, ...page } }, signal }), signal),
    ),
  );
}

/** Creates an API token and its secret. No later response contains the secret. */
export async function createApiToken(body: NewApiToken): Promise<{ id: string; secret: string }> {
  const { id } = await call(api.POST(base, { body }));
  return { id, secret: await generateSecret(id) };
}

/** Creates a new secret for an API token. The old secret becomes invalid at once. */
export async function generateSecret(id: string): Promise<string> {
  return (await call(api.POST(`${one}/generate`, { params: { path: { id } }, ...withoutBody }))).token;
}

/** Revokes an API token permanently. */
export async function revokeApiToken(id: string): Promise<void> {
  await call(api.POST(`${one}/revoke`, { params: { path: { id } }, ...withoutBody }));
}

/** Creates an organisation. */
export async function createOrganisation(name: string): Promise<void> {
  await call(api.POST('/api/v1/organisations', { body: { name } }));
}
