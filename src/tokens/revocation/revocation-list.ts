import type { Clock } from '../../platform/clock.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { CursorPosition } from '../../platform/http/routes/paging.ts';
import type { TokenScope } from '../configurations/token-scope.ts';
import { tokenErrors } from '../declarations/errors.ts';
import type { TokenStore } from '../declarations/tables.ts';
import { fromRow, type RevocationRow, type StoredRevocation, subjectContext } from './revocation-rows.ts';
import type { RevocationStore } from './revocation-store.ts';

/** A revocation that is in effect. */
export interface ListedRevocation extends Omit<StoredRevocation, 'id' | 'createdAtMs'> {
  readonly id: string;
  readonly createdAtMs: number;
  readonly organisationId: string;
  /** Undefined for other kinds than `subject`, and for revocations of older versions. */
  readonly subject: string | undefined;
}

export interface RevocationListDeps {
  readonly control: TokenStore;
  readonly store: Pick<RevocationStore, 'end'>;
  /** The cache of this process. The end of a revocation takes effect when the ended revocation has been added. */
  readonly cache: { add(revocation: StoredRevocation): Promise<void> | void };
  readonly sealer: Pick<Sealer, 'open'>;
  readonly clock: Clock;
}

export type RevocationList = ReturnType<typeof createRevocationList>;

/**
 * Creates the list of revocations that are in effect. The list does not contain ended sessions, because they do not
 * invalidate a token.
 */
export function createRevocationList({ control, store, cache, sealer, clock }: RevocationListDeps) {
  const toListed = ({ organisation_id, ...row }: ListedRow): ListedRevocation => {
    const { id = '', createdAtMs = 0, ...revocation } = fromRow(row);
    const { sealedSubject } = revocation;
    const subject = sealedSubject && sealer.open(sealedSubject, subjectContext(revocation)).toString();
    return { ...revocation, id, createdAtMs, organisationId: organisation_id, subject };
  };
  const rowsInEffect = (scope: TokenScope) => selectRows(control, scope, clock.nowMs());

  return {
    /** Returns revocations, newest first. A repeated revocation keeps its place. */
    async list(
      scope: TokenScope,
      limit: number,
      after: CursorPosition | undefined,
    ): Promise<ListedRevocation[]> {
      let query = rowsInEffect(scope);
      if (after !== undefined)
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('revocations.created_at', 'revocations.id'), '<', tuple(...after)),
        );
      const rows = await query
        .orderBy('revocations.created_at', 'desc')
        .orderBy('revocations.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toListed);
    },

    /**
     * Ends a revocation. When the promise resolves, this process accepts the tokens of the revocation again. Sessions that
     * the revocation has ended stay ended.
     * @throws AppError `revocation_not_found`, also for a revocation of another organisation.
     */
    async end(id: string, scope: TokenScope): Promise<ListedRevocation> {
      const row = await rowsInEffect(scope).where('revocations.id', '=', id).executeTakeFirst();
      const ended = row && (await store.end(fromRow(row), clock.nowMs));
      if (row === undefined || ended === undefined) throw new AppError(tokenErrors.revocation_not_found);
      await cache.add(ended);
      return toListed(row);
    },
  };
}

type ListedRow = RevocationRow & { readonly organisation_id: string };

function selectRows(control: TokenStore, { organisationId, configurationIds }: TokenScope, nowMs: number) {
  let query = control
    .selectFrom('revocations')
    .innerJoin('token_configurations', 'token_configurations.id', 'configuration_id')
    .selectAll('revocations')
    .select('organisation_id')
    .where('revocations.id', 'is not', null)
    .where('kind', '!=', 'session')
    .where(({ eb, or }) => or([eb('ends_at', 'is', null), eb('ends_at', '>', nowMs)]));
  if (organisationId !== undefined) query = query.where('organisation_id', '=', organisationId);
  if (configurationIds !== undefined) query = query.where('configuration_id', 'in', configurationIds);
  return query;
}
