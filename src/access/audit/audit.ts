import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import type { Place } from '../../platform/http/paging.ts';
import type { AccessStore } from '../declarations/tables.ts';

export type AuditResult = 'STARTED' | 'OK' | 'FAIL';

/** One line of the audit log. */
export interface AuditEntry {
  /** `api-token:<id>`, or `command-line:<user of the operating system>`. */
  readonly actor: string;
  /** As noun.verb: `integrity.repair`. */
  readonly action: string;
  /** What it was done to. */
  readonly target: string;
  readonly result: AuditResult;
  /** Never a token, a secret or a claim. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Whose it is. Left out: it is about the whole installation. */
  readonly organisationId?: string | undefined;
}

export interface RecordedAuditEntry extends AuditEntry {
  readonly id: string;
  readonly atMs: number;
}

/** Who did what, when, and what came of it. Lines are only ever added. */
export interface AuditLog {
  /** Durable when it resolves. */
  record(entry: AuditEntry): Promise<void>;
  /** The newest first: of everything, or only of one organisation. */
  list(limit: number, after?: Place, organisationId?: string): Promise<RecordedAuditEntry[]>;
  /**
   * Does something that changes what is stored, between a line that says what is about to be done and one that says
   * what came of it: a process that dies meanwhile leaves the first. Throws what `work` throws.
   */
  around<T extends Readonly<Record<string, unknown>>>(
    entry: Omit<AuditEntry, 'result'>,
    work: () => Promise<T>,
  ): Promise<T>;
}

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
    async list(limit, after, organisationId) {
      let query = control.selectFrom('audit_log').selectAll();
      if (organisationId !== undefined) query = query.where('organisation_id', '=', organisationId);
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
        const done = await work();
        await record({ ...entry, result: 'OK', details: { ...entry.details, ...done } });
        return done;
      } catch (error) {
        await record({ ...entry, result: 'FAIL' });
        throw error;
      }
    },
  };
}
