/** Locale for numbers and dates: the browser's language. The texts of the page are in English. */
export const LOCALE = navigator.language || 'en-GB';
