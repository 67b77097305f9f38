/** Where a picture is looked at, and how closely. One camera serves the original and the result. Pure. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The pixel of the result in the middle of a pane, and how many pixels of the screen one pixel of it takes. */
export interface Camera extends Point {
  readonly zoom: number;
}

/** A pane, in pixels of the screen. Controls may lie on its margins: what is fitted into it keeps clear of them. */
export interface View extends Size {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const LARGEST_ZOOM = 16;

/** Zooms that the buttons and keys stop at. */
const STOPS = [
  1 / 64,
  1 / 32,
  1 / 16,
  1 / 8,
  1 / 6,
  1 / 4,
  1 / 3,
  1 / 2,
  2 / 3,
  1,
  1.5,
  2,
  3,
  4,
  6,
  8,
  12,
  16,
];
/** Zooms nearer to each other than this are the same. */
const CLOSE = 1.001;

/** The zoom at which all of `size` is in view: never larger than it is. */
export function fitZoom(size: Size, view: View): number {
  const { width, height } = clearPart(view);
  return Math.min(1, width / size.width, height / size.height);
}

export function fitted(size: Size, view: View): Camera {
  return { x: size.width / 2, y: size.height / 2, zoom: fitZoom(size, view) };
}

/** `camera` as near as may be: no smaller than fitted, no larger than 16:1, no more of the surroundings than needed. */
export function limited(camera: Camera, size: Size, view: View): Camera {
  const zoom = Math.min(LARGEST_ZOOM, Math.max(camera.zoom, fitZoom(size, view)));
  const clear = clearPart(view);
  const within = (center: number, length: number, room: number) => {
    const half = room / zoom / 2;
    return half * 2 >= length ? length / 2 : Math.min(Math.max(center, half), length - half);
  };
  return {
    x: within(camera.x, size.width, clear.width),
    y: within(camera.y, size.height, clear.height),
    zoom,
  };
}

/** Another zoom, so that the pixel under `at` (pixels of the pane) stays there. */
export function zoomedAt(camera: Camera, zoom: number, at: Point, size: Size, view: View): Camera {
  const wanted = Math.min(LARGEST_ZOOM, Math.max(zoom, fitZoom(size, view)));
  const middle = middleOf(view);
  const under = { x: (at.x - middle.x) / camera.zoom, y: (at.y - middle.y) / camera.zoom };
  const share = 1 - camera.zoom / wanted;
  const moved = { x: camera.x + under.x * share, y: camera.y + under.y * share, zoom: wanted };
  return limited(moved, size, view);
}

/** The picture moved by pixels of the screen: to the right and down where positive. */
export function panned(camera: Camera, by: Point, size: Size, view: View): Camera {
  const moved = { ...camera, x: camera.x - by.x / camera.zoom, y: camera.y - by.y / camera.zoom };
  return limited(moved, size, view);
}

/** Another picture looked at as this one was: whole, or at the same zoom and the same part of it. */
export function carriedOver(camera: Camera, from: Size, to: Size, view: View): Camera {
  const moved = { ...camera, x: (camera.x / from.width) * to.width, y: (camera.y / from.height) * to.height };
  return limited(moved, to, view);
}

/** The next stop in a direction, 1 or -1; the fitted zoom is one, too. */
export function nextStop(zoom: number, direction: 1 | -1, fit: number): number {
  const stops = [fit, ...STOPS.filter((stop) => stop > fit * CLOSE)];
  return direction > 0
    ? (stops.find((stop) => stop > zoom * CLOSE) ?? LARGEST_ZOOM)
    : (stops.findLast((stop) => stop < zoom / CLOSE) ?? fit);
}

/** Where a double click leads: from the whole picture to 1:1, from anywhere else to the whole. */
export function toggledZoom(zoom: number, fit: number): number {
  if (zoom > fit * CLOSE) return fit;
  return fit * CLOSE < 1 ? 1 : 4;
}

export function isFitted(camera: Camera, size: Size, view: View): boolean {
  return camera.zoom <= fitZoom(size, view) * CLOSE;
}

/** Where the picture's first pixel lies in the pane: on a whole pixel of the screen, so that 1:1 is exact. */
export function originOf(camera: Camera, view: View): Point {
  const middle = middleOf(view);
  return {
    x: Math.round(middle.x - camera.x * camera.zoom),
    y: Math.round(middle.y - camera.y * camera.zoom),
  };
}

/** What of the picture is in view: edges in pixels of the result, kept within it. */
export function visiblePart(camera: Camera, size: Size, view: View) {
  const origin = originOf(camera, view);
  const edge = (screen: number, start: number, length: number) =>
    Math.min(length, Math.max(0, (screen - start) / camera.zoom));
  const [x, y] = [edge(0, origin.x, size.width), edge(0, origin.y, size.height)];
  return {
    x,
    y,
    width: edge(view.width, origin.x, size.width) - x,
    height: edge(view.height, origin.y, size.height) - y,
  };
}

/** Pixels of the screen between the upper and the lower margin. */
export function clearHeight(view: View): number {
  return clearPart(view).height;
}

function middleOf(view: View): Point {
  return {
    x: (view.left + view.width - view.right) / 2,
    y: (view.top + view.height - view.bottom) / 2,
  };
}

/** A pane may be smaller than its margins for a moment; a picture needs a pixel. */
function clearPart({ width, height, top, right, bottom, left }: View): Size {
  return { width: Math.max(1, width - left - right), height: Math.max(1, height - top - bottom) };
}
