import type { ViewerReplacement } from '../../events/viewer-replacement.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import type { CursorPosition } from '../../platform/http/routes/paging.ts';
import type { UsageControlStore } from '../declarations/tables.ts';

/** A request to forget a viewer. */
export interface ForgetRequest {
  readonly id: string;
  readonly organisationId: string;
  readonly requestedAtMs: number;
  /** Time at which the replacement was stored in ClickHouse. Undefined: not stored yet. */
  readonly publishedAtMs: number | undefined;
  /** Time from which no stored session contains the pseudonym. Undefined: not replaced yet. */
  readonly replacedAtMs: number | undefined;
  /** Time at which the replacement was erased. Undefined: not erased yet. */
  readonly goneAtMs: number | undefined;
}

/** A request whose replacement is not erased. */
export interface ActiveRequest extends ForgetRequest {
  readonly replacement: ViewerReplacement;
}

export type NewRequest = Pick<ForgetRequest, 'id' | 'organisationId' | 'requestedAtMs'> &
  Pick<ViewerReplacement, 'viewer' | 'replacement'>;

export type ForgetRequests = ReturnType<typeof createForgetRequests>;

/**
 * A request also covers sessions up to this time after the request, because the clock of a gateway may be ahead of the
 * clock of the process that accepts the request.
 */
export const clockMarginMs = 5000;

const table = 'forgotten_viewers';

/** Creates the store of requests to forget viewers. It encrypts pseudonyms with the master key. */
export function createForgetRequests(control: UsageControlStore, sealer: Sealer) {
  return {
    /** Adds a request, in the caller's transaction. */
    async add(transaction: UsageControlStore, request: NewRequest): Promise<void> {
      const { id, organisationId, requestedAtMs, viewer, replacement } = request;
      const sealed = sealer.seal(Buffer.from(`${viewer}${replacement}`, 'hex'), contextOf(id));
      const unset = { published_at: null, replaced_at: null, gone_at: null };
      await transaction
        .insertInto(table)
        .values({ id, organisation_id: organisationId, requested_at: requestedAtMs, sealed, ...unset })
        .execute();
    },

    /** Returns a page of requests, newest first. Without `organisationId`, returns the requests of all organisations. */
    async list(organisationId: string | undefined, limit: number, after: CursorPosition | undefined) {
      let query = control.selectFrom(table).selectAll();
      if (organisationId !== undefined) query = query.where('organisation_id', '=', organisationId);
      if (after !== undefined)
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('requested_at', 'id'), '<', tuple(...after)),
        );
      const rows = await query.orderBy('requested_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toRequest);
    },

    /** Returns the requests whose replacements are not erased, oldest first. */
    async active(): Promise<ActiveRequest[]> {
      const rows = await control
        .selectFrom(table)
        .selectAll()
        .where('gone_at', 'is', null)
        .orderBy('requested_at')
        .execute();
      return rows.flatMap((row) =>
        row.sealed === null ? [] : [{ ...toRequest(row), replacement: open(sealer, row, row.sealed) }],
      );
    },

    async markPublished(id: string, atMs: number): Promise<void> {
      await control.updateTable(table).set({ published_at: atMs }).where('id', '=', id).execute();
    },

    async markReplaced(id: string, atMs: number): Promise<void> {
      await control.updateTable(table).set({ replaced_at: atMs }).where('id', '=', id).execute();
    },

    /** Erases the pseudonyms of a request. The request itself is kept as a record. */
    async markGone(id: string, atMs: number): Promise<void> {
      await control.updateTable(table).set({ sealed: null, gone_at: atMs }).where('id', '=', id).execute();
    },
  };
}

interface Row {
  readonly id: string;
  readonly organisation_id: string;
  readonly requested_at: number;
  readonly published_at: number | null;
  readonly replaced_at: number | null;
  readonly gone_at: number | null;
}

function toRequest(row: Row): ForgetRequest {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    requestedAtMs: Number(row.requested_at),
    publishedAtMs: toNumber(row.published_at),
    replacedAtMs: toNumber(row.replaced_at),
    goneAtMs: toNumber(row.gone_at),
  };
}

function toNumber(value: number | null): number | undefined {
  return value === null ? undefined : Number(value);
}

function open(
  sealer: Sealer,
  { id, organisation_id, requested_at }: Pick<Row, 'id' | 'organisation_id' | 'requested_at'>,
  sealed: string,
): ViewerReplacement {
  const texts = sealer.open(sealed, contextOf(id)).toString('hex');
  return {
    id,
    organisationId: organisation_id,
    viewer: texts.slice(0, 32),
    replacement: texts.slice(32),
    beforeMs: Number(requested_at) + clockMarginMs,
  };
}

function contextOf(id: string): string {
  return `forgotten_viewers/${id}`;
}
