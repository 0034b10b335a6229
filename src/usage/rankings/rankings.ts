import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Clock } from '../../platform/clock.ts';
import type { UsageControlStore } from '../declarations/tables.ts';

/** How long the pages of a ranked list can be read after its first page. */
export const rankingTtlMs = 15 * 60_000;
/** Maximum number of items in a ranked list. Clients read longer lists sorted by name. */
export const mostRanked = 10_000;
const mostBytesOfOrganisation = 64 * 1024 ** 2;

/**
 * Identifies a ranked list by its organisation and parameters. A cursor is valid only for the list whose response
 * contained it.
 */
export interface RankedRequest {
  /** Undefined: the list covers all organisations. */
  readonly organisationId: string | undefined;
  /** All parameters on which the list depends, except limit and cursor. */
  readonly parameters: unknown;
}

/** A complete ranked list, and the other members of its first response. */
export interface Ranking<Frame, Item> {
  readonly frame: Frame;
  readonly items: readonly Item[];
  /** True if the list has more items than a ranking can contain. */
  readonly isCut: boolean;
}

/**
 * Stores rankings between the requests for the pages of a list. All API processes with the same control store share
 * them.
 */
export interface Rankings {
  /**
   * Stores a ranking and returns its id. If the rankings of an organisation exceed 64 MiB, its oldest rankings are
   * deleted.
   */
  keep(request: RankedRequest, ranking: Ranking<unknown, unknown>): Promise<string>;
  /** Returns a ranking of the same list from the last 15 minutes, or undefined if there is none with this id. */
  find<Frame, Item>(id: string, request: RankedRequest): Promise<Ranking<Frame, Item> | undefined>;
}

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } };

/** Creates the rankings in the control store. */
export function createRankings({ control, clock }: { control: UsageControlStore; clock: Clock }): Rankings {
  const table = 'usage_rankings' as const;

  /** Deletes expired rankings, and the organisation's oldest rankings until the new one fits. */
  async function makeRoom(organisationId: string, sizeBytes: number): Promise<void> {
    await control
      .deleteFrom(table)
      .where('created_at', '<=', clock.nowMs() - rankingTtlMs)
      .execute();
    const kept = await control
      .selectFrom(table)
      .select(['id', 'size_bytes'])
      .where('organisation_id', '=', organisationId)
      .orderBy('created_at', 'desc')
      .execute();
    let usedBytes = sizeBytes;
    const evicted = kept.filter((row) => {
      usedBytes += Number(row.size_bytes);
      return usedBytes > mostBytesOfOrganisation;
    });
    const ids = evicted.map(({ id }) => id);
    if (ids.length > 0) await control.deleteFrom(table).where('id', 'in', ids).execute();
  }

  return {
    async keep(request, ranking) {
      const id = randomBytes(16).toString('hex');
      const items = (await compress(JSON.stringify(ranking), fast)).toString('base64');
      const organisationId = request.organisationId ?? '';
      await makeRoom(organisationId, items.length);
      await control
        .insertInto(table)
        .values({
          id,
          organisation_id: organisationId,
          request_digest: digestOf(request),
          items,
          size_bytes: items.length,
          created_at: clock.nowMs(),
        })
        .execute();
      return id;
    },

    async find(id, request) {
      const row = await control
        .selectFrom(table)
        .select('items')
        .where('id', '=', id)
        .where('organisation_id', '=', request.organisationId ?? '')
        .where('request_digest', '=', digestOf(request))
        .where('created_at', '>', clock.nowMs() - rankingTtlMs)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return JSON.parse((await decompress(Buffer.from(row.items, 'base64'))).toString());
    },
  };
}

function digestOf({ parameters }: RankedRequest): string {
  return createHash('sha256').update(JSON.stringify(parameters)).digest('base64url');
}
