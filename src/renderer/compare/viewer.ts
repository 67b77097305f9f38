import { BitmapLoader, type Want } from './bitmap-loader.ts';
import type { Camera, Size, View } from './camera.ts';
import { loadBitmap } from './load-bitmap.ts';
import { paintPane } from './paint.ts';
import type { Pane, Panes } from './panes.ts';
import type { Scene } from './scene.ts';
import { type LayerInView, wantsOf } from './wants.ts';

/** Bytes of decoded pictures that are kept. */
const KEPT_BYTES = 256e6;

/** Everything that a frame is drawn from. */
export interface Shot {
  scene: Scene | undefined;
  camera: Camera;
  view: View;
  panes: Panes;
  /** What may be looked at next. */
  next: readonly Want[];
}

/** Draws the panes, once a frame at most, and fetches what they need. */
export class Viewer implements Disposable {
  readonly #canvases: Record<Pane, HTMLCanvasElement>;
  readonly #sizes: Record<Pane, Size>;
  readonly #loader: BitmapLoader<ImageBitmap>;
  #shot: Shot | undefined;
  #frame = 0;

  constructor(canvases: Record<Pane, HTMLCanvasElement>) {
    this.#canvases = canvases;
    this.#sizes = { source: canvases.source, result: canvases.result };
    this.#loader = new BitmapLoader({ load: loadBitmap, onChange: () => this.redraw(), bytes: KEPT_BYTES });
  }

  show(shot: Shot): void {
    this.#shot = shot;
    this.redraw();
  }

  /** How many pixels of the screen a pane has. */
  resize(pane: Pane, size: Size): void {
    this.#sizes[pane] = size;
    this.redraw();
  }

  redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#shot) this.#draw(this.#shot);
    });
  }

  [Symbol.dispose](): void {
    this.#shot = undefined;
    cancelAnimationFrame(this.#frame);
    this.#loader[Symbol.dispose]();
  }

  #draw({ scene, camera, view, panes, next }: Shot): void {
    const seen: LayerInView[] = [];
    for (const pane of ['source', 'result'] as const) {
      const canvas = this.#canvases[pane];
      const { width, height } = this.#sizes[pane];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const shown = panes[pane];
      if (!scene || !shown) canvas.getContext('2d')?.reset();
      else {
        const shot = { scene, camera, view: { ...view, width, height } };
        seen.push(...paintPane(canvas, shown, shot, this.#loader));
      }
    }
    const wanted = [...wantsOf(seen, scene?.alpha ?? false, this.#loader), ...next];
    this.#loader.want([...new Map(wanted.map((want) => [want.key, want] as const)).values()]);
  }
}
