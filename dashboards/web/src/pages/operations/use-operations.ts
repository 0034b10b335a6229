import { api, call } from '../../api/client.ts';
import type { paths } from '../../api/schema.ts';
import { loadPages } from '../../data/load-pages.ts';
import { useQuery } from '../../data/use-query.ts';

type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type Readiness = Answer<'/health/ready'>;
export type GatewayList = Answer<'/api/v1/gateways'>;
export type Gateway = GatewayList['gateways'][number];
export type IntegrityReport = Answer<'/api/v1/usage/integrity'>;
type RefusalList = Answer<'/api/v1/refusals'>;
export type Refusal = RefusalList['items'][number];

const everyMs = 2000;
/** The check of the counts reads the ledger in ClickHouse, so it runs less often than the other requests. */
const checkEveryMs = 10_000;

/** Loads the readiness of the process that serves the page. A response with status 503 also contains it. */
export function useReadiness() {
  return useQuery('readiness', (signal) => call(readReadiness(signal), signal), { everyMs });
}

async function readReadiness(
  signal: AbortSignal,
): Promise<{ data?: Readiness; error?: unknown; response: Response }> {
  const { data, error, response } = await api.GET('/health/ready', { signal });
  if (data) return { data, response };
  // The member `status` is a number in a problem document, and a text in the readiness.
  const isReadiness = typeof Object(error).status === 'string';
  return isReadiness ? { data: error as Readiness, response: new Response() } : { error, response };
}

/** Loads the producers that have not ended, and `completeThrough`. */
export function useGateways() {
  return useQuery('gateways', (signal) => call(api.GET('/api/v1/gateways', { signal }), signal), { everyMs });
}

/** Loads the comparison of the counts of accepted and stored sessions. */
export function useLedger() {
  return useQuery('ledger', (signal) => checkIntegrity('ledger', signal), { everyMs: checkEveryMs });
}

/** Compares accepted and stored sessions. `full` reads every row. */
export function checkIntegrity(depth: 'ledger' | 'full', signal?: AbortSignal) {
  const options = { params: { query: { depth } }, ...(signal && { signal }) };
  return call(api.GET('/api/v1/usage/integrity', options), signal);
}

const refusalRows = 200;

/** Loads the newest counts of rejected exchanges. */
export function useRefusals() {
  return useQuery(
    'refusals',
    (signal) =>
      loadPages<Refusal, RefusalList>(refusalRows, (query) =>
        call(api.GET('/api/v1/refusals', { params: { query }, signal }), signal),
      ),
    { everyMs: checkEveryMs },
  );
}

/** Stops waiting for a gateway that is gone, or for all legacy producers. Returns the retired producers. */
export async function retire(body: { readonly name: string } | { readonly legacy: true }) {
  return (await call(api.POST('/api/v1/gateways/retire', { body }))).retired;
}
