import type { AccessStore } from '../declarations/tables.ts';

/**
 * Clears the target of the audit entries that record the deletion of a viewer from the directory. Runs in the caller's
 * transaction.
 */
export async function clearSubjectTargets(
  transaction: AccessStore,
  organisationId: string,
  subject: string,
): Promise<void> {
  await transaction
    .updateTable('audit_log')
    .set({ target: '' })
    .where('action', '=', 'directory.subjects.delete')
    .where('target', '=', subject)
    .where(({ eb, or }) =>
      or([eb('organisation_id', '=', organisationId), eb('organisation_id', 'is', null)]),
    )
    .execute();
}
