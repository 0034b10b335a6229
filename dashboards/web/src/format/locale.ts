/** The texts are English, so numbers and dates follow the reader's own kind of English, where there is one. */
export const LOCALE = navigator.languages.find((language) => language.startsWith('en')) ?? 'en-GB';
