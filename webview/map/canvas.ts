/** Sizes a canvas for the screen's pixels; lengths are CSS pixels. */
export function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/** The canvas emptied, to be drawn on in CSS pixels; null where there is no context to be had. */
export function emptied(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.scale(devicePixelRatio, devicePixelRatio);
  return context;
}

/** Draws a canvas of the same size over another. */
export function copyCanvas(context: CanvasRenderingContext2D, from: HTMLCanvasElement): void {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(from, 0, 0);
  context.restore();
}
