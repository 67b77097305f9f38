import type { Held } from './bitmap-cache.ts';
import { type Camera, originOf, type Point, type Size, type View } from './camera.ts';
import type { Layer, Scene } from './scene.ts';
import { type LayerInView, layerInView, type SquareInView, standIns, wholeHeld } from './wants.ts';

/** Bitmaps that are there to be drawn. */
export interface Pictures {
  held(key: string): Held<ImageBitmap> | undefined;
  isRefused(group: string): boolean;
}

/**
 * Zooms of the camera from which pixels are drawn as what they are. The result earlier than the original: a little
 * enlarged, any other program would show the original smoothly, too, and blocks would make it look worse than it is.
 */
const CRISP_RESULT = 2;
const CRISP_SOURCE = 4;

/** Levels around the right one whose squares stand in for it. */
const COARSER = 5;
const FINER = 2;

/** Draws what one pane shows. Returns what it saw of each layer, the undermost first. */
export function paintPane(
  canvas: HTMLCanvasElement,
  which: 'source' | 'result',
  { scene, camera, view }: { scene: Scene; camera: Camera; view: View },
  pictures: Pictures,
): LayerInView[] {
  const context = canvas.getContext('2d');
  if (!context) return [];
  const origin = originOf(camera, view);
  context.reset();
  clipToPicture(context, origin, scene.size, camera.zoom);
  const layers = layersOf(which, scene, pictures).map((layer) => layerInView(layer, scene, camera, view));
  for (const inView of layers) {
    const crisp = inView.layer === scene.result ? CRISP_RESULT : CRISP_SOURCE;
    context.imageSmoothingEnabled = camera.zoom < crisp;
    context.imageSmoothingQuality = 'high';
    // A result in work has holes that the original is to be seen through; a finished one only what is transparent.
    const replaces = scene.alpha && (which === 'source' || scene.done);
    paintLayer({ context, origin, view, replaces }, inView, pictures);
  }
  return layers;
}

/** What lies on what: the result over the original until it is there as a whole. */
function layersOf(which: 'source' | 'result', { source, result, done }: Scene, pictures: Pictures): Layer[] {
  if (which === 'source' || !result) return [source];
  return done && wholeHeld(result, pictures) !== undefined ? [result] : [source, result];
}

interface Canvas {
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
  /** Where the picture's first pixel lies. */
  origin: Point;
  view: View;
  /** Whether a square takes the place of what is below it. */
  replaces: boolean;
}

function paintLayer(canvas: Canvas, inView: LayerInView, pictures: Pictures): void {
  const { layer, zoom, level, squares, needed } = inView;
  const whole = wholeHeld(layer, pictures);
  const held = whole === undefined ? undefined : pictures.held(whole);
  if (held) {
    const { x, y } = canvas.origin;
    canvas.context.drawImage(held.bitmap, x, y, layer.size.width * zoom, layer.size.height * zoom);
    if (!needed) return;
  }
  if (squares.some(({ want }) => !pictures.held(want.key))) {
    for (let far = COARSER; far > 0; far--)
      paintSquares(canvas, zoom, standIns(inView, level + far), pictures);
    for (let near = FINER; near > 0; near--)
      paintSquares(canvas, zoom, standIns(inView, level - near), pictures);
  }
  if (zoom > 1 && canvas.context.imageSmoothingEnabled) paintEnlarged(canvas, inView, pictures);
  else paintSquares(canvas, zoom, squares, pictures);
}

/** Squares meet on whole pixels of the screen: between, what lies below would shine through. */
function paintSquares(
  { context, origin, replaces }: Omit<Canvas, 'view'>,
  zoom: number,
  squares: readonly SquareInView[],
  pictures: Pictures,
): void {
  for (const { want, part, level } of squares) {
    const bitmap = pictures.held(want.key)?.bitmap;
    if (!bitmap) continue;
    const left = Math.round(origin.x + part.x * zoom);
    const top = Math.round(origin.y + part.y * zoom);
    // A reduced picture's last pixels may stand for less than the others; the clip cuts what they have too much.
    const reduced = 2 ** level;
    const right = Math.round(origin.x + (part.x + bitmap.width * reduced) * zoom);
    const bottom = Math.round(origin.y + (part.y + bitmap.height * reduced) * zoom);
    if (replaces) context.clearRect(left, top, right - left, bottom - top);
    context.drawImage(bitmap, left, top, right - left, bottom - top);
  }
}

let joined: OffscreenCanvas | undefined;

/** Smoothly enlarged squares must be joined before, or each would end in pixels that do not know of the next one's. */
function paintEnlarged(canvas: Canvas, { zoom, part, squares }: LayerInView, pictures: Pictures): void {
  const [x, y] = [Math.floor(part.x) - 2, Math.floor(part.y) - 2];
  const [width, height] = [Math.ceil(part.width) + 5, Math.ceil(part.height) + 5];
  joined ??= new OffscreenCanvas(1, 1);
  joined.width = width;
  joined.height = height;
  const context = joined.getContext('2d');
  if (!context) return;
  paintSquares({ context, origin: { x: -x, y: -y }, replaces: false }, 1, squares, pictures);
  const { origin } = canvas;
  const place = [origin.x + x * zoom, origin.y + y * zoom, width * zoom, height * zoom] as const;
  if (canvas.replaces && squares.every(({ want }) => pictures.held(want.key))) {
    canvas.context.clearRect(...place);
  }
  canvas.context.drawImage(joined, ...place);
}

function clipToPicture(context: CanvasRenderingContext2D, { x, y }: Point, size: Size, zoom: number): void {
  context.beginPath();
  context.rect(x, y, Math.round(size.width * zoom), Math.round(size.height * zoom));
  context.clip();
}
