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

/** Returns the newest API tokens. */
export function useApiTokens(wanted: number) {
  return useQuery(`tokens ${wanted}`, (signal) =>
    loadPages<ApiToken, Schemas['ApiTokenList']>(wanted, (query) =>
      call(api.GET(base, { params: { query }, signal }), signal),
    ),
  );
}

/** Returns one API token. */
export function useApiToken(id: string) {
  return useQuery(id, (signal) => call(api.GET(one, { params: { path: { id } }, signal }), signal));
}

/** Returns the newest changes of an API token and authentications with it. */
export function useActivities(id: string, wanted: number) {
  return useQuery(`${id} ${wanted}`, (signal) =>
    loadPages<Activity, Schemas['ApiTokenLog']>(wanted, (query) =>
      call(api.GET(`${one}/log`, { params: { path: { id }, query }, signal }), signal),
    ),
  );
}

/** Returns the organisations that the API token of the page has access to. */
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

/** Returns the newest entries of the audit log. */
export function useAudit(filter: AuditFilter, wanted: number) {
  return useQuery(JSON.stringify([filter, wanted]), (signal) =>
    loadPages<AuditEntry, Schemas['AuditLog']>(wanted, (page) =>
      call(api.GET('/api/v1/audit', { params: { query: { ...filter, ...page } }, signal }), signal),
    ),
  );
}

/** Creates an API token and its secret. Only this response contains the secret. */
export async function createApiToken(body: NewApiToken): Promise<{ id: string; secret: string }> {
  const { id } = await call(api.POST(base, { body }));
  return { id, secret: await generateSecret(id) };
}

/** Creates a new secret of an API token. The old secret stops at once. */
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
