import { ChannelError } from '../../channel/channel';
import { t } from '../text';

/** Chromium draws no canvas that is longer, or has more pixels; it would come out empty. */
const LONGEST_SIDE = 16_384;
const MOST_PIXELS = 2 ** 28;

/** An SVG as PNG, `scale` pixels to a CSS pixel. Rejects with `ChannelError` where it is too large. */
export async function rasterise(svg: string, scale: number): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml;base64,${base64(new TextEncoder().encode(svg))}`;
  await image.decode();
  const width = Math.round(image.naturalWidth * scale);
  const height = Math.round(image.naturalHeight * scale);
  if (Math.max(width, height) > LONGEST_SIDE || width * height > MOST_PIXELS)
    throw new ChannelError(
      'tooLarge',
      t('A picture of {0} × {1} pixels is too large; export it smaller, or as SVG.', width, height),
    );
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(image, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new ChannelError('notSaved', t('The picture could not be drawn.'));
  return new Uint8Array(await blob.arrayBuffer());
}

/** Chromium's own measure of a text, CSS pixels. */
export function canvasMeasure(): (text: string, size: number, family: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  return (text, size, family) => {
    if (!context) return text.length * size * 0.6;
    context.font = `${size}px ${family}`;
    return context.measureText(text).width;
  };
}

function base64(bytes: Uint8Array): string {
  let text = '';
  const step = 0x8000;
  for (let at = 0; at < bytes.length; at += step)
    text += String.fromCharCode(...bytes.subarray(at, at + step));
  return btoa(text);
}
