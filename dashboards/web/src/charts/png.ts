import type { Palette } from './palette.ts';
import { readPalette } from './palette.ts';

const PADDING = 24;
const SCALE = 2;

/** Draws the content of a picture below its title, in CSS pixels from (0, 0). */
export type Draw = (context: CanvasRenderingContext2D, palette: Palette) => void;

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  readonly width: number;
  readonly height: number;
  readonly draw: Draw;
}

/** Downloads a picture as a PNG with the title of its card and the range that it shows. */
export async function downloadPng(picture: Picture, fileName: string): Promise<void> {
  const palette = readPalette();
  const head = 62;
  const canvas = document.createElement('canvas');
  canvas.width = (picture.width + 2 * PADDING) * SCALE;
  canvas.height = (picture.height + head + 2 * PADDING) * SCALE;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(SCALE, SCALE);
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'top';
  context.fillStyle = palette.ink;
  context.font = `600 18px ${palette.sans}`;
  context.fillText(picture.title, PADDING, PADDING);
  context.fillStyle = palette.muted;
  context.font = `13px ${palette.sans}`;
  context.fillText(picture.subtitle, PADDING, PADDING + 28);
  context.translate(PADDING, PADDING + head);
  picture.draw(context, palette);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download(blob, fileName);
}

function download(blob: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export interface BarRow {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** Returns the picture of a ranked list. */
export function barsPicture(title: string, subtitle: string, rows: readonly BarRow[]): Picture {
  const [width, rowHeight] = [760, 34];
  const largest = Math.max(1, ...rows.map(({ value }) => value));
  return {
    title,
    subtitle,
    width,
    height: Math.max(1, rows.length) * rowHeight,
    draw: (context, palette) => {
      context.textBaseline = 'alphabetic';
      rows.forEach(({ name, value, text }, index) => {
        const y = index * rowHeight;
        context.fillStyle = palette.bar;
        context.fillRect(0, y + 24, (value / largest) * width, 4);
        context.fillStyle = palette.ink;
        context.font = `14px ${palette.sans}`;
        context.textAlign = 'left';
        context.fillText(name, 0, y + 18, width - 130);
        context.textAlign = 'right';
        context.fillText(text, width, y + 18);
      });
    },
  };
}

/** Returns the picture of a canvas that is on the page. */
export function canvasPicture(title: string, subtitle: string, canvas: HTMLCanvasElement): Picture {
  const [width, height] = [canvas.width / devicePixelRatio, canvas.height / devicePixelRatio];
  return {
    title,
    subtitle,
    width,
    height,
    draw: (context) => context.drawImage(canvas, 0, 0, width, height),
  };
}
