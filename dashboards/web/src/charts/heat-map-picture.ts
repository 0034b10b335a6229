import { type HeatMapRow, shadeOf, weekdayName } from './heat-map.tsx';
import type { Picture } from './png.ts';

const CELL = 30;
const LABEL = 50;

/** Returns the picture of a heat map. */
export function heatMapPicture(title: string, subtitle: string, rows: readonly HeatMapRow[]): Picture {
  const largest = Math.max(0, ...rows.flatMap(({ hours }) => hours));
  return {
    title,
    subtitle,
    width: LABEL + 24 * CELL,
    height: rows.length * CELL + 24,
    draw: (context, palette) => {
      context.font = `12px ${palette.sans}`;
      context.textBaseline = 'middle';
      rows.forEach(({ weekday, hours }, row) => {
        context.fillStyle = palette.muted;
        context.fillText(weekdayName(weekday), 0, row * CELL + CELL / 2);
        hours.forEach((sessions, hour) => {
          context.fillStyle = palette.line;
          context.fillRect(LABEL + hour * CELL, row * CELL, CELL - 3, CELL - 3);
          context.globalAlpha = shadeOf(sessions, largest) / 6;
          context.fillStyle = palette.accent;
          context.fillRect(LABEL + hour * CELL, row * CELL, CELL - 3, CELL - 3);
          context.globalAlpha = 1;
        });
      });
      context.fillStyle = palette.muted;
      for (let hour = 0; hour < 24; hour += 3)
        context.fillText(String(hour).padStart(2, '0'), LABEL + hour * CELL + 4, rows.length * CELL + 12);
    },
  };
}
