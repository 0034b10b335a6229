/** The viewer and the resources of a token. A token test looks them up. */
export interface DirectoryQuestion {
  readonly organisationId: string;
  readonly subject: string;
  readonly resources: readonly string[];
}

/** The result of a look-up. A part that could not be looked up is `Unchecked`, with the reason. */
export interface DirectoryAnswer {
  readonly subject: 'known' | 'unknown' | Unchecked;
  /** The known resources, with the titles of the data sources that they show. */
  readonly resources: ReadonlyMap<string, readonly string[]> | Unchecked;
}

export interface Unchecked {
  readonly unchecked: string;
  readonly fix: string;
}

/** Returns whether the directory could not look up this part of the result. */
export function isUnchecked(part: DirectoryAnswer[keyof DirectoryAnswer]): part is Unchecked {
  return typeof part === 'object' && 'unchecked' in part;
}

/** Looks up the viewers and resources of an application. It never rejects, but returns a failure as `Unchecked`. */
export interface Directory {
  ask(question: DirectoryQuestion): Promise<DirectoryAnswer>;
}

/** A viewer or resource that an organisation can register. */
export interface DirectoryResource {
  readonly id: string;
  readonly dataSources: readonly string[];
}
