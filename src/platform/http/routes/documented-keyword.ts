/** Names the keyword of a schema whose value the document shows in its place. The validator ignores it. */
export const documentedKeyword = 'x-documented';
