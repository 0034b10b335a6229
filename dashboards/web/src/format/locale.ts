/** Locale for numbers and dates: the browser's first English locale, because the texts are in English. */
export const LOCALE = navigator.languages.find((language) => language.startsWith('en')) ?? 'en-GB';
