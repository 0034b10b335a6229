import { api, call, withoutBody } from '../../api/client.ts';
import type { paths } from '../../api/schema.ts';
import { loadPages } from '../../data/load-pages.ts';
import { useQuery } from '../../data/use-query.ts';

const base = '/api/v1/web-access-tokens/configurations';
const one = '/api/v1/web-access-tokens/configurations/{id}';

type ConfigurationList = paths[typeof base]['get']['responses'][200]['content']['application/json'];
export type Configuration = ConfigurationList['items'][number];

/** Returns the newest `wanted` configurations. */
export function useConfigurations(wanted: number) {
  return useQuery(`configurations ${wanted}`, (signal) =>
    loadPages<Configuration, ConfigurationList>(wanted, (query) =>
      call(api.GET(base, { params: { query }, signal }), signal),
    ),
  );
}

/** Returns one configuration. */
export function useConfiguration(id: string) {
  return useQuery(id, (signal) => call(api.GET(one, { params: { path: { id } }, signal }), signal));
}

/** Returns when one configuration was last used, and its session counts of today and in total. */
export function useConfigurationUsage(id: string, timeZone: string) {
  return useQuery(
    `${id} ${timeZone}`,
    (signal) =>
      call(api.GET(`${one}/usage`, { params: { path: { id }, query: { timeZone } }, signal }), signal),
    { liveMs: 900 },
  );
}

/** Returns the keys of one configuration: when they were created, and until when they are accepted. */
export function useKeys(id: string) {
  return useQuery(`keys ${id}`, (signal) =>
    call(api.GET(`${one}/keys`, { params: { path: { id } }, signal }), signal),
  );
}

/** Creates a configuration. Only this response contains its public key. */
export function createConfiguration(name: string) {
  return call(api.POST(base, { body: { name } }));
}

/** Changes the name of a configuration, or switches it on or off. */
export function updateConfiguration(
  id: string,
  body: { readonly name?: string; readonly enabled?: boolean },
) {
  return call(api.PATCH(one, { params: { path: { id } }, body }));
}

/** Deletes a configuration. Its usage stays. */
export function deleteConfiguration(id: string) {
  return call(api.DELETE(one, { params: { path: { id } }, ...withoutBody }));
}

/** Gives a configuration a new key. Tokens of the old key are accepted until `acceptOldUntil`. */
export function rotateKey(id: string, acceptOldUntil: string) {
  return call(api.POST(`${one}/rotate`, { params: { path: { id } }, body: { acceptOldUntil } }));
}
