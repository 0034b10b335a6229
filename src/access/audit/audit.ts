import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import type { CursorPosition } from '../../platform/http/routes/paging.ts';
import type { AccessStore } from '../declarations/tables.ts';

export type AuditResult = 'STARTED' | 'OK' | 'FAIL';

/** An entry of the audit log. */
export interface AuditEntry {
  /** `api-token:<id>`, or `command-line:<user of the operating system>`. */
  readonly actor: string;
  /** Action as noun.verb, for example `integrity.repair`. */
  readonly action: string;
  /** Object of the action, usually its id. */
  readonly target: string;
  readonly result: AuditResult;
  /** Details of the action. They never contain a token, a secret or a claim. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The organisation that the entry belongs to. Undefined: the entry concerns the whole installation. */
  readonly organisationId?: string | undefined;
}

export interface RecordedAuditEntry extends AuditEntry {
  readonly id: string;
  readonly atMs: number;
}

/** Filter of audit entries. An entry matches if it equals every member of the filter that is not undefined. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly result?: AuditResult | undefined;
}

/** The append-only record of who changed what, when, and with what result. */
export interface AuditLog {
  /** Adds an entry. Resolves after the entry is durable. */
  record(entry: AuditEntry): Promise<void>;
  /** Returns entries, newest first: those of `organisationId`, or all entries if it is undefined. */
  list(
    limit: number,
    after?: CursorPosition,
    organisationId?: string,
    filter?: AuditFilter,
  ): Promise<RecordedAuditEntry[]>;
  /**
   * Writes a STARTED entry, runs `work`, then writes an OK or FAIL entry. If the process dies during `work`, only the
   * STARTED entry exists. Rethrows errors of `work`.
   */
  around<T extends Readonly<Record<string, unknown>>>(
    entry: Omit<AuditEntry, 'result'>,
    work: () => Promise<T>,
  ): Promise<T>;
}

const filterMembers = ['actor', 'action', 'target', 'result'] as const;

/** Creates the audit log in the control store. */
export function createAuditLog(control: AccessStore, clock: Clock): AuditLog {
  async function record({
    actor,
    action,
    target,
    result,
    details,
    organisationId,
  }: AuditEntry): Promise<void> {
    await control
      .insertInto('audit_log')
      .values({
        id: uuidv7(),
        at: clock.nowMs(),
        ...{ actor, action, target, result },
        details: JSON.stringify(details),
        organisation_id: organisationId ?? null,
      })
      .execute();
  }

  return {
    record,
    async list(limit, after, organisationId, filter = {}) {
      let query = control.selectFrom('audit_log').selectAll();
      if (organisationId !== undefined) query = query.where('organisation_id', '=', organisationId);
      for (const member of filterMembers) {
        const value = filter[member];
        if (value !== undefined) query = query.where(member, '=', value);
      }
      if (after !== undefined) {
        query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('at', 'id'), '<', tuple(...after)));
      }
      const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(({ at, result, details, organisation_id, ...texts }) => ({
        ...texts,
        atMs: Number(at),
        result: result as AuditResult,
        details: JSON.parse(details),
        ...(organisation_id !== null && { organisationId: organisation_id }),
      }));
    },
    async around(entry, work) {
      await record({ ...entry, result: 'STARTED' });
      try {
        const result = await work();
        await record({ ...entry, result: 'OK', details: { ...entry.details, ...result } });
        return result;
      } catch (error) {
        await record({ ...entry, result: 'FAIL' });
        throw error;
      }
    },
  };
}
