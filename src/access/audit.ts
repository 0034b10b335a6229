import type { Clock } from '../platform/clock.ts';
import type { ControlStore } from '../platform/control-store/schema.ts';
import { uuidv7 } from '../platform/uuid.ts';

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
}

export interface RecordedAuditEntry extends AuditEntry {
  readonly id: string;
  readonly atMs: number;
}

/** Who did what, when, and what came of it. Lines are only ever added. */
export interface AuditLog {
  /** Durable when it resolves. */
  record(entry: AuditEntry): Promise<void>;
  /** The newest first. */
  list(limit: number): Promise<RecordedAuditEntry[]>;
  /**
   * Does something that changes what is stored, between a line that says what is about to be done and one that says
   * what came of it: a process that dies meanwhile leaves the first. Throws what `work` throws.
   */
  around<T extends Readonly<Record<string, unknown>>>(
    entry: Omit<AuditEntry, 'result'>,
    work: () => Promise<T>,
  ): Promise<T>;
}

export function createAuditLog(control: ControlStore, clock: Clock): AuditLog {
  async function record({ actor, action, target, result, details }: AuditEntry): Promise<void> {
    await control
      .insertInto('audit_log')
      .values({
        id: uuidv7(),
        at: clock.nowMs(),
        ...{ actor, action, target, result },
        details: JSON.stringify(details),
      })
      .execute();
  }

  return {
    record,
    async list(limit) {
      const rows = await control
        .selectFrom('audit_log')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ at, result, details, ...texts }) => ({
        ...texts,
        atMs: Number(at),
        result: result as AuditResult,
        details: JSON.parse(details),
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
