import { create } from 'zustand';
import {
  type Camera,
  carriedOver,
  fitted,
  fitZoom,
  isFitted,
  limited,
  nextStop,
  type Point,
  panned,
  type Size,
  toggledZoom,
  type View,
  zoomedAt,
} from './camera.ts';

interface CompareStore {
  /** Of the result that is looked at; undefined before anything is. */
  size: Size | undefined;
  view: View;
  camera: Camera;
  /** Whether all of the picture is in view, and stays so when the pane changes. */
  whole: boolean;
  /** Where the divider is, 0 to 1. */
  split: number;
  /** The original is held in place of the result. */
  peeking: boolean;
  setView(view: View): void;
  /** Another picture is looked at, or the same: the camera stays where it was on the one before, as far as it can. */
  setSize(size: Size | undefined): void;
  /** At a point of the pane that stays where it is; its middle where absent. */
  zoomTo(zoom: number, at?: Point): void;
  step(direction: 1 | -1): void;
  toggleZoom(at: Point): void;
  /** In pixels of the screen. */
  pan(by: Point): void;
  setSplit(split: number): void;
  peek(peeking: boolean): void;
}

export const useCompare = create<CompareStore>()((set, get) => {
  const move = (change: (camera: Camera, size: Size, view: View) => Camera) => {
    const { camera, size, view } = get();
    if (!size) return;
    const next = change(camera, size, view);
    set({ camera: next, whole: isFitted(next, size, view) });
  };
  return {
    size: undefined,
    view: { width: 1, height: 1, top: 0, right: 0, bottom: 0, left: 0 },
    camera: { x: 0, y: 0, zoom: 1 },
    whole: true,
    split: 0.5,
    peeking: false,
    setView: (view) => {
      const { size, camera, whole } = get();
      if (!size) set({ view });
      else set({ view, camera: whole ? fitted(size, view) : limited(camera, size, view) });
    },
    setSize: (size) => {
      const { size: before, camera, view, whole } = get();
      if (!size) set({ size });
      else if (!before || whole) set({ size, camera: fitted(size, view), whole: true });
      else {
        const next = carriedOver(camera, before, size, view);
        set({ size, camera: next, whole: isFitted(next, size, view) });
      }
    },
    zoomTo: (zoom, at) =>
      move((camera, size, view) => zoomedAt(camera, zoom, at ?? middle(view), size, view)),
    step: (direction) =>
      move((camera, size, view) => {
        const zoom = nextStop(camera.zoom, direction, fitZoom(size, view));
        return zoomedAt(camera, zoom, middle(view), size, view);
      }),
    toggleZoom: (at) =>
      move((camera, size, view) => {
        return zoomedAt(camera, toggledZoom(camera.zoom, fitZoom(size, view)), at, size, view);
      }),
    pan: (by) => move((camera, size, view) => panned(camera, by, size, view)),
    setSplit: (split) => set({ split: Math.min(1, Math.max(0, split)) }),
    peek: (peeking) => set({ peeking }),
  };
});

function middle({ width, height }: View): Point {
  return { x: width / 2, y: height / 2 };
}
