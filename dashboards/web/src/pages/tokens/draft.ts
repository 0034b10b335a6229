/** Claims that the test page passes to the create page. They are not in the URL, because they can contain personal data. */
interface Draft {
  readonly configurationId: string;
  readonly payload: object;
}

let draft: Draft | undefined;

/** Stores the claims of a tested token for the create page. */
export function keepDraft(next: Draft): void {
  draft = next;
}

/** Returns the stored claims and deletes them. */
export function takeDraft(): Draft | undefined {
  const taken = draft;
  draft = undefined;
  return taken;
}
