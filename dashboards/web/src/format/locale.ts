/** The locale of numbers and dates: the first English locale of the browser, because the texts are in English. */
export const LOCALE = navigator.languages.find((language) => language.startsWith('en')) ?? 'en-GB';
