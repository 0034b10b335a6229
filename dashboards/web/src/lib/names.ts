// Zero-width joiners stay, because emoji and several scripts need them.
const DECEIVING = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Returns a name in which control characters are visible as "�", so that they cannot reverse or hide text. A
 * name without visible characters becomes "(blank)".
 */
export function visibleName(name: string): string {
  const text = name.replace(DECEIVING, '\ufffd');
  return text.trim() === '' ? '(blank)' : text;
}
