/** What a test of a token asks about its viewer and resources. */
export interface DirectoryQuestion {
  readonly organisationId: string;
  readonly subject: string;
  readonly resources: readonly string[];
}

/** What a directory says; a part that it does not know anything about is `unchecked`, with the reason. */
export interface DirectoryAnswer {
  readonly subject: 'known' | 'unknown' | Unchecked;
  /** Those that are known, with the titles of the data sources that they show. */
  readonly resources: ReadonlyMap<string, readonly string[]> | Unchecked;
}

export interface Unchecked {
  readonly unchecked: string;
  readonly fix: string;
}

export function isUnchecked(part: DirectoryAnswer[keyof DirectoryAnswer]): part is Unchecked {
  return typeof part === 'object' && 'unchecked' in part;
}

/** Knows which viewers and resources there are. It always answers: trouble is a reason for `unchecked`. */
export interface Directory {
  ask(question: DirectoryQuestion): Promise<DirectoryAnswer>;
}

/** What can be registered: of one organisation. */
export interface DirectoryResource {
  readonly id: string;
  readonly dataSources: readonly string[];
}
