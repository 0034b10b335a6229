/** The viewer and resources of a token that a test looks up. */
export interface DirectoryQuestion {
  readonly organisationId: string;
  readonly subject: string;
  readonly resources: readonly string[];
}

/** The answer of a directory. A part that it cannot answer is `unchecked`, with the reason. */
export interface DirectoryAnswer {
  readonly subject: 'known' | 'unknown' | Unchecked;
  /** The known resources, with the titles of the data sources that they show. */
  readonly resources: ReadonlyMap<string, readonly string[]> | Unchecked;
}

export interface Unchecked {
  readonly unchecked: string;
  readonly fix: string;
}

/** Returns whether a directory could not answer this part of a question. */
export function isUnchecked(part: DirectoryAnswer[keyof DirectoryAnswer]): part is Unchecked {
  return typeof part === 'object' && 'unchecked' in part;
}

/** Knows the viewers and resources of an application. It always answers: a failure is a reason for `unchecked`. */
export interface Directory {
  ask(question: DirectoryQuestion): Promise<DirectoryAnswer>;
}

/** A viewer or resource that an organisation can register. */
export interface DirectoryResource {
  readonly id: string;
  readonly dataSources: readonly string[];
}
