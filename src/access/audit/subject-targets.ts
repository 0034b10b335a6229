import type { AccessStore } from '../declarations/tables.ts';

/** Removes a viewer from the targets of audited deletions in the directory, in the caller's transaction. */
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
