import { useEffect, useState } from 'preact/hooks';

/** The design tokens that a canvas needs. */
export interface Palette {
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly bar: string;
  readonly needle: string;
  readonly sans: string;
}

/** Returns the current values of the design tokens (styles/tokens.css). */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: token('surface'),
    ink: token('ink'),
    muted: token('muted'),
    line: token('line'),
    accent: token('accent'),
    bar: token('bar'),
    needle: token('needle'),
    sans: token('sans'),
  };
}

/** Returns the palette. The component renders again when the colour scheme changes. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const update = () => setPalette(readPalette());
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return palette;
}
