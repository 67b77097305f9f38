import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import type { Want } from './bitmap-loader.ts';
import type { Size } from './camera.ts';
import { useCompare } from './compare-store.ts';
import type { Pane, Panes } from './panes.ts';
import type { Scene } from './scene.ts';
import { Viewer } from './viewer.ts';

/** Room around a picture that is fitted, for what lies on the pane: CSS pixels. */
const MARGINS = { top: 40, right: 12, bottom: 56, left: 12 };

interface Viewing {
  canvases: Readonly<Record<Pane, RefObject<HTMLCanvasElement | null>>>;
  /** Draws `scene` from now on, and whenever the camera moves. */
  redraw(): void;
}

/** The two canvases, and what draws on them. */
export function useCanvases(): Viewing & { viewer: RefObject<Viewer | undefined> } {
  const source = useRef<HTMLCanvasElement>(null);
  const result = useRef<HTMLCanvasElement>(null);
  const viewer = useRef<Viewer>(undefined);
  const redraw = useCallback(() => viewer.current?.redraw(), []);
  const canvases = useMemo(() => ({ source, result }), []);
  useEffect(() => {
    if (!source.current || !result.current) return;
    const made = new Viewer({ source: source.current, result: result.current });
    viewer.current = made;
    const observer = new ResizeObserver((entries) => {
      for (const entry of entries) {
        const pane = entry.target === source.current ? 'source' : 'result';
        const size = screenPixels(entry);
        made.resize(pane, size);
        if (pane === 'result') useCompare.getState().setView({ ...size, ...scaledMargins() });
      }
    });
    observer.observe(source.current);
    observer.observe(result.current);
    return () => {
      observer.disconnect();
      made[Symbol.dispose]();
    };
  }, []);
  return { canvases, redraw, viewer };
}

/** Keeps what is drawn in step with the scene and the camera. */
export function useShots(
  viewer: RefObject<Viewer | undefined>,
  { scene, panes, next }: { scene: Scene | undefined; panes: Panes; next: readonly Want[] },
): void {
  const size = scene?.size;
  useEffect(() => useCompare.getState().setSize(size), [size]);
  useEffect(() => {
    const show = () => {
      const { camera, view } = useCompare.getState();
      viewer.current?.show({ scene, camera, view, panes, next });
    };
    show();
    return useCompare.subscribe(({ camera, view }, before) => {
      if (camera !== before.camera || view !== before.view) show();
    });
  }, [viewer, scene, panes, next]);
}

function screenPixels({ devicePixelContentBoxSize, contentRect }: ResizeObserverEntry): Size {
  const [box] = devicePixelContentBoxSize ?? [];
  const width = box?.inlineSize ?? contentRect.width * devicePixelRatio;
  const height = box?.blockSize ?? contentRect.height * devicePixelRatio;
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

function scaledMargins(): typeof MARGINS {
  const { top, right, bottom, left } = MARGINS;
  const ratio = devicePixelRatio;
  return { top: top * ratio, right: right * ratio, bottom: bottom * ratio, left: left * ratio };
}
