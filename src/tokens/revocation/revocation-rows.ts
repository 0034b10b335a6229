import type { Selectable } from 'kysely';
import type { TokenTables } from '../declarations/tables.ts';
import type { Revocation, RevocationKind } from './revocation-rules.ts';

/** A revocation in the control store. */
export interface StoredRevocation extends Revocation {
  /** Revision of the store at the last write. A later write has a higher revision. */
  readonly revision: number;
  /** Undefined for an ended session, and for a row of an older version until the hourly job adds the id. */
  readonly id: string | undefined;
  readonly createdAtMs: number | undefined;
  /** Principal of the last revocation, as in the audit log. */
  readonly revokedBy: string | undefined;
  /** The subject, encrypted (`subjectContext`). Undefined for other kinds and for rows of older versions. */
  readonly sealedSubject: string | undefined;
}

export type RevocationRow = Selectable<TokenTables['revocations']>;

/** Returns the context with which the subject of a revocation is encrypted. */
export function subjectContext({
  configurationId,
  digest,
}: Pick<Revocation, 'configurationId' | 'digest'>): string {
  return `revocations/${configurationId}/${digest}`;
}

/** Converts a revocation to its row. */
export function toRow(revocation: StoredRevocation): RevocationRow {
  return {
    configuration_id: revocation.configurationId,
    kind: revocation.kind,
    digest: revocation.digest,
    revoked_at: revocation.revokedAtMs,
    sessions_ended_at: revocation.sessionsEndedAtMs ?? null,
    expires_at: revocation.expiresAtMs ?? null,
    revision: revocation.revision,
    id: revocation.id ?? null,
    created_at: revocation.createdAtMs ?? null,
    ends_at: revocation.untilMs ?? null,
    revoked_by: revocation.revokedBy ?? null,
    subject: revocation.sealedSubject ?? null,
  };
}

/** Converts a row to its revocation. */
export function fromRow(row: RevocationRow): StoredRevocation {
  return {
    configurationId: row.configuration_id,
    kind: row.kind as RevocationKind,
    digest: row.digest,
    revokedAtMs: Number(row.revoked_at),
    sessionsEndedAtMs: toNumber(row.sessions_ended_at),
    expiresAtMs: toNumber(row.expires_at),
    untilMs: toNumber(row.ends_at),
    revision: Number(row.revision),
    id: row.id ?? undefined,
    createdAtMs: toNumber(row.created_at),
    revokedBy: row.revoked_by ?? undefined,
    sealedSubject: row.subject ?? undefined,
  };
}

function toNumber(column: number | null): number | undefined {
  return column === null ? undefined : Number(column);
}
