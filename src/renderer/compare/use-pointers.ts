import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useMemo } from 'react';
import type { Point } from './camera.ts';
import { useCompare } from './compare-store.ts';

/** Of the zoom, for a pixel that a wheel turns by; a pinch on a touchpad turns it by less. */
const WHEEL = 0.002;
const PINCH = 0.01;
/** CSS pixels that a line of a wheel is worth, where it counts in lines. */
const LINE = 16;

interface Handlers {
  onPointerDown(event: PointerEvent): void;
  onPointerMove(event: PointerEvent): void;
  onPointerUp(event: PointerEvent): void;
  onPointerCancel(event: PointerEvent): void;
  onDoubleClick(event: MouseEvent): void;
}

/** Mouse, pen and fingers on the picture. `holds`: pressing it shows the original. */
export function usePointers(stage: RefObject<HTMLElement | null>, holds: boolean): Handlers {
  useEffect(() => {
    const element = stage.current;
    const turned = (event: WheelEvent) => {
      event.preventDefault();
      const { camera, zoomTo } = useCompare.getState();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE : event.deltaY;
      const factor = Math.exp(-pixels * (event.ctrlKey ? PINCH : WHEEL));
      zoomTo(camera.zoom * factor, pointIn(element, clientPoint(event)));
    };
    // React listens to wheels passively, and the page would zoom.
    element?.addEventListener('wheel', turned, { passive: false });
    return () => element?.removeEventListener('wheel', turned);
  }, [stage]);

  return useMemo(() => {
    const fingers = new Map<number, Point>();
    const end = ({ pointerId }: PointerEvent) => {
      fingers.delete(pointerId);
      if (holds && fingers.size === 0) useCompare.getState().peek(false);
    };
    return {
      onPointerDown: (event) => {
        if (event.button !== 0 && event.button !== 1) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        fingers.set(event.pointerId, clientPoint(event));
        if (holds) useCompare.getState().peek(true);
      },
      onPointerMove: (event) => {
        const from = fingers.get(event.pointerId);
        if (!from) return;
        const to = clientPoint(event);
        fingers.set(event.pointerId, to);
        const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
        const { camera, zoomTo, pan } = useCompare.getState();
        const part = other ? devicePixelRatio / 2 : devicePixelRatio;
        pan({ x: (to.x - from.x) * part, y: (to.y - from.y) * part });
        if (!other) return;
        const spread = distance(to, other) / Math.max(1, distance(from, other));
        zoomTo(
          camera.zoom * spread,
          pointIn(stage.current, { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 }),
        );
      },
      onPointerUp: end,
      onPointerCancel: end,
      onDoubleClick: (event) => useCompare.getState().toggleZoom(pointIn(stage.current, clientPoint(event))),
    };
  }, [stage, holds]);
}

function clientPoint({ clientX, clientY }: { clientX: number; clientY: number }): Point {
  return { x: clientX, y: clientY };
}

/** A point of the window, in pixels of the screen within the pane that it is over. */
function pointIn(stage: HTMLElement | null, { x, y }: Point): Point {
  const panes = [...(stage?.querySelectorAll('canvas') ?? [])].map((pane) => pane.getBoundingClientRect());
  const over = panes.find(({ left, right }) => x >= left && x < right) ?? panes[0];
  const { left, top } = over ?? { left: 0, top: 0 };
  return { x: (x - left) * devicePixelRatio, y: (y - top) * devicePixelRatio };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
