import { z } from 'zod';

const rectangleSchema = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });

/** How the window was left. Bounds are those it has when it is not maximised, in the system's own pixels. */
export const windowStateSchema = z.object({ bounds: rectangleSchema, maximised: z.boolean() });

export type WindowState = z.infer<typeof windowStateSchema>;
type Rectangle = z.infer<typeof rectangleSchema>;

/** Where a window is to open; without a position in the middle of the main display. */
export interface Placement {
  width: number;
  height: number;
  x?: number;
  y?: number;
  maximised: boolean;
}

export const SMALLEST_WINDOW = { width: 720, height: 480 };
const DEFAULT_SIZE = { width: 1280, height: 800 };
/** So much of a window's upper edge must lie on a display for it to be taken hold of. */
const HANDLE = { width: 120, height: 40 };

/**
 * Where a window opens that was left in `state`, on the work areas of the `displays` that there are now: as it was, if it
 * can be reached there; else with its size, made to fit, on the first of them.
 */
export function placeWindow(state: WindowState | undefined, displays: readonly Rectangle[]): Placement {
  const [main] = displays;
  if (!state) return { ...fitted(DEFAULT_SIZE, main), maximised: false };
  const { bounds, maximised } = state;
  const display = displays.find((area) => isReachable(bounds, area));
  if (!display) return { ...fitted(bounds, main), maximised };
  const { x, y } = bounds;
  return { ...fitted(bounds, undefined), x, y, maximised };
}

function fitted({ width, height }: Pick<Rectangle, 'width' | 'height'>, area: Rectangle | undefined) {
  return {
    width: Math.max(SMALLEST_WINDOW.width, Math.min(width, area?.width ?? width)),
    height: Math.max(SMALLEST_WINDOW.height, Math.min(height, area?.height ?? height)),
  };
}

function isReachable({ x, y, width }: Rectangle, area: Rectangle): boolean {
  const inside = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return inside >= HANDLE.width && y >= area.y && y + HANDLE.height <= area.y + area.height;
}
