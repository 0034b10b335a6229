import { chunksOf } from '../../../platform/background/batching.ts';
import type { GatewayStore } from '../../declarations/tables.ts';
import { claimsContextOf } from './grant-store.ts';
import { decodeGrant } from './session-token.ts';
import type { SharedSealing } from './shared-sealing.ts';

/** Finds and deletes the stored claims (`GrantStore`) of a viewer's open sessions. */
export interface SubjectClaims {
  /** Returns the keys of the viewer's stored claims. Decrypts the stored claims of all viewers to find them. */
  find(organisationId: string, subject: string): Promise<string[]>;
  /**
   * Deletes stored claims in the caller's transaction, and returns the number of deleted rows. A session without its
   * claims is invalid in every gateway that does not have the claims in its cache.
   */
  remove(transaction: GatewayStore, sessionIds: readonly string[]): Promise<number>;
}

const rowsPerPage = 500;

export function createSubjectClaims(
  control: GatewayStore,
  sealing: Pick<SharedSealing, 'open'>,
): SubjectClaims {
  function belongsTo({ session_id, claims }: ClaimsRow, organisationId: string, subject: string): boolean {
    const text = sealing.open(claims, claimsContextOf(session_id));
    const grant = text === undefined ? undefined : decodeGrant(text);
    return grant?.organisationId === organisationId && grant.subject === subject;
  }

  return {
    async find(organisationId, subject) {
      const sessionIds: string[] = [];
      for await (const rows of pagesOf(control))
        for (const row of rows) if (belongsTo(row, organisationId, subject)) sessionIds.push(row.session_id);
      return sessionIds;
    },
    async remove(transaction, sessionIds) {
      let removed = 0;
      for (const chunk of chunksOf(sessionIds, rowsPerPage)) {
        const { numDeletedRows } = await transaction
          .deleteFrom('session_claims')
          .where('session_id', 'in', chunk)
          .executeTakeFirstOrThrow();
        removed += Number(numDeletedRows);
      }
      return removed;
    },
  };
}

interface ClaimsRow {
  readonly session_id: string;
  readonly claims: string;
}

async function* pagesOf(control: GatewayStore): AsyncGenerator<readonly ClaimsRow[]> {
  let page: readonly ClaimsRow[] = [];
  let after = '';
  do {
    page = await control
      .selectFrom('session_claims')
      .select(['session_id', 'claims'])
      .where('session_id', '>', after)
      .orderBy('session_id')
      .limit(rowsPerPage)
      .execute();
    after = page.at(-1)?.session_id ?? after;
    yield page;
  } while (page.length === rowsPerPage);
}
