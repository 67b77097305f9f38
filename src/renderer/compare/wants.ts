import type { SquarePlace } from '../../shared/squares.ts';
import type { Rect } from '../../shared/tiles.ts';
import type { Bitmap, Held } from './bitmap-cache.ts';
import type { Want } from './bitmap-loader.ts';
import { type Camera, type Size, type View, visiblePart } from './camera.ts';
import type { Layer, Scene } from './scene.ts';
import { levelFor, squarePart, squaresInView } from './squares-in-view.ts';

/** What is known of bitmaps that were asked for. */
export interface Known {
  held(key: string): Held<Bitmap> | undefined;
  isRefused(group: string): boolean;
}

/** A square that is to be seen, and what it shows in pixels of its layer. */
export interface SquareInView {
  readonly want: Want;
  readonly part: Rect;
  readonly level: number;
}

/** What of a layer a camera sees. */
export interface LayerInView {
  readonly layer: Layer;
  /** Pixels of the screen that one pixel of the layer takes. */
  readonly zoom: number;
  /** In pixels of the layer. */
  readonly part: Rect;
  readonly level: number;
  readonly squares: readonly SquareInView[];
  /** False where a preview shows as much as these squares would. */
  readonly needed: boolean;
}

/** Pixels of the screen for one of a preview: a little more than one is not seen. */
const ENOUGH = 1.02;

/** The part of `layer` that is in view, and the squares that show it best. */
export function layerInView(layer: Layer, scene: Scene, camera: Camera, view: View): LayerInView {
  const scale = scene.size.width / layer.size.width;
  const zoom = camera.zoom * scale;
  const seen = visiblePart(camera, scene.size, view);
  const part = {
    x: seen.x / scale,
    y: seen.y / scale,
    width: seen.width / scale,
    height: seen.height / scale,
  };
  const level = levelFor(zoom, layer.size);
  const [first] = layer.wholes;
  const needed = !first || scene.alpha || zoom * longest(layer.size) > first.side * ENOUGH;
  const squares = placed(layer, squaresInView(part, level, layer.size));
  return { layer, zoom, part, level, squares, needed };
}

/** Squares of another level that show some of the same, to stand in for those that are not there yet. */
export function standIns({ layer, part }: LayerInView, level: number): SquareInView[] {
  return level < 0 ? [] : placed(layer, squaresInView(part, level, layer.size));
}

/** What is to be fetched for these layers, in this order: all first looks, then squares from the middle outwards. */
export function wantsOf(inView: readonly LayerInView[], alpha: boolean, known: Known): Want[] {
  const wholes = inView.flatMap((layer) => wantedWholes(layer, alpha, known));
  const squares: Want[] = [];
  // The result first: it is what everybody waits for.
  const needy = inView.filter(({ needed }) => needed).reverse();
  const most = Math.max(0, ...needy.map((layer) => layer.squares.length));
  for (let index = 0; index < most; index++) {
    for (const layer of needy) {
      const square = layer.squares[index];
      if (square) squares.push(square.want);
    }
  }
  return [...wholes, ...squares];
}

/** Previews are opaque: they show a transparent picture only where squares cannot. Large ones stand in for squares, too. */
function wantedWholes({ layer, zoom }: LayerInView, alpha: boolean, known: Known): Want[] {
  const [first, ...larger] = layer.wholes;
  const refused = layer.square !== undefined && known.isRefused(layer.group);
  const wanted: Want[] = [];
  if (layer.local && !(first && known.held(first.want.key))) wanted.push(layer.local);
  if (first && (!alpha || refused)) wanted.push(first.want);
  if (first && refused && zoom * longest(layer.size) > first.side * ENOUGH) {
    wanted.push(...larger.map(({ want }) => want));
  }
  return wanted;
}

/** The best of what there is of all of a layer. */
export function wholeHeld({ local, wholes }: Layer, known: Known): string | undefined {
  const keys = [local, ...wholes.map(({ want }) => want)].flatMap((want) => (want ? [want.key] : []));
  return keys.findLast((key) => known.held(key));
}

function placed(layer: Layer, places: readonly SquarePlace[]): SquareInView[] {
  return places.flatMap((place) => {
    const part = squarePart(place, layer.size);
    const want = layer.square?.(place, part);
    return want ? [{ want, part, level: place.level }] : [];
  });
}

function longest({ width, height }: Size): number {
  return Math.max(width, height);
}
