import { randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { ControlStore } from '../platform/control-store/schema.ts';
import type { Sealer } from '../platform/sealing.ts';

/** Organisations and the keys of their viewers' pseudonyms, in memory. */
export interface Organisations {
  /** @throws Error when there is no such organisation. */
  viewerKeyOf(organisationId: string): Uint8Array;
  /** Reads what another process may have added. */
  refresh(): Promise<void>;
}

/** A fresh install has one organisation. */
export const defaultOrganisationId = 'default';

export async function createOrganisations(deps: {
  control: ControlStore;
  sealer: Sealer;
  clock: Clock;
}): Promise<Organisations> {
  const { control, sealer, clock } = deps;
  let viewerKeys: ReadonlyMap<string, Uint8Array> = new Map();

  await control
    .insertInto('organisations')
    .values({
      id: defaultOrganisationId,
      name: 'Default',
      created_at: clock.nowMs(),
      viewer_key: sealer.seal(randomBytes(32), contextOf(defaultOrganisationId)),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();

  async function refresh(): Promise<void> {
    const rows = await control.selectFrom('organisations').select(['id', 'viewer_key']).execute();
    viewerKeys = new Map(rows.map(({ id, viewer_key }) => [id, sealer.open(viewer_key, contextOf(id))]));
  }

  await refresh();
  return {
    refresh,
    viewerKeyOf(organisationId) {
      const key = viewerKeys.get(organisationId);
      if (key === undefined) throw new Error(`no key for the viewers of organisation ${organisationId}`);
      return key;
    },
  };
}

function contextOf(organisationId: string): string {
  return `organisations/${organisationId}`;
}
