import type { TokenStore } from './declarations/tables.ts';
import { digestOfSubject } from './revocation/revocation-rules.ts';

/** Number of deleted entries about a viewer. */
export interface DeletedSubjectEntries {
  readonly directoryEntries: number;
  readonly revocations: number;
}

/**
 * Deletes the directory entry of a viewer and the revocations by viewer, in the caller's transaction. Revocations are
 * deleted because they contain a digest of the subject, and the subject of a digest can be found by trying subjects.
 */
export async function deleteSubjectEntries(
  transaction: TokenStore,
  organisationId: string,
  subject: string,
): Promise<DeletedSubjectEntries> {
  const directory = await transaction
    .deleteFrom('directory_subjects')
    .where('organisation_id', '=', organisationId)
    .where('id', '=', subject)
    .executeTakeFirstOrThrow();
  const revocations = await transaction
    .deleteFrom('revocations')
    .where('kind', '=', 'subject')
    .where('digest', '=', digestOfSubject(subject))
    .where('configuration_id', 'in', (query) =>
      query.selectFrom('token_configurations').select('id').where('organisation_id', '=', organisationId),
    )
    .executeTakeFirstOrThrow();
  return {
    directoryEntries: Number(directory.numDeletedRows),
    revocations: Number(revocations.numDeletedRows),
  };
}
