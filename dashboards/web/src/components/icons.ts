import { svg } from '../ui/dom.ts';

/** Creates the icon for a remove button. */
export function cross(): SVGSVGElement {
  return icon('M4 4l8 8M12 4l-8 8');
}

/** Creates the icon for descending order. */
export function arrowDown(): SVGSVGElement {
  return icon('M8 3v10M4 9l4 4 4-4');
}

function icon(path: string): SVGSVGElement {
  return svg('svg', { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: path }));
}
