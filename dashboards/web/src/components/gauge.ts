import { svg } from '../ui/dom.ts';

const TICKS = 41;
const SPREAD = 150;

/**
 * Creates the decorative dial above the sign-in form. Its needle rises during the request (see sign-in.css).
 */
export function createGauge(): SVGSVGElement {
  const ticks = Array.from({ length: TICKS }, (_, index) => {
    const angle = (index / (TICKS - 1) - 0.5) * SPREAD;
    const isLong = index % 10 === 0;
    return svg('line', {
      class: isLong ? 'gauge__tick gauge__tick--long' : 'gauge__tick',
      x1: 120,
      x2: 120,
      y1: 12,
      y2: isLong ? 28 : 21,
      transform: `rotate(${angle} 120 124)`,
    });
  });
  return svg(
    'svg',
    { class: 'gauge', viewBox: '0 0 240 136', 'aria-hidden': 'true' },
    ...ticks,
    svg('line', { class: 'gauge__needle', x1: 120, y1: 124, x2: 120, y2: 36 }),
    svg('circle', { class: 'gauge__pivot', cx: 120, cy: 124, r: 6 }),
  );
}
