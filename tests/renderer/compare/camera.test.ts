import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Camera,
  carriedOver,
  clearHeight,
  fitted,
  fitZoom,
  isFitted,
  LARGEST_ZOOM,
  limited,
  nextStop,
  originOf,
  panned,
  toggledZoom,
  type View,
  visiblePart,
  zoomedAt,
} from '../../../src/renderer/compare/camera.ts';

const VIEW: View = { width: 1000, height: 800, top: 40, right: 10, bottom: 60, left: 10 };
const LARGE = { width: 8000, height: 6000 };
const SMALL = { width: 74, height: 58 };

/** Where a pixel of the result is seen in the pane. */
const seenAt = (camera: Camera, x: number, y: number, view = VIEW) => {
  const origin = originOf(camera, view);
  return { x: origin.x + x * camera.zoom, y: origin.y + y * camera.zoom };
};

const anyView = fc.record({
  width: fc.integer({ min: 1, max: 8000 }),
  height: fc.integer({ min: 1, max: 5000 }),
  top: fc.integer({ min: 0, max: 100 }),
  right: fc.integer({ min: 0, max: 100 }),
  bottom: fc.integer({ min: 0, max: 100 }),
  left: fc.integer({ min: 0, max: 100 }),
});
const anySize = fc.record({
  width: fc.integer({ min: 1, max: 40_000 }),
  height: fc.integer({ min: 1, max: 40_000 }),
});
const anyCamera = fc.record({
  x: fc.double({ min: -1e5, max: 1e5, noNaN: true }),
  y: fc.double({ min: -1e5, max: 1e5, noNaN: true }),
  zoom: fc.double({ min: 1e-5, max: 100, noNaN: true }),
});

describe('a fitted picture', () => {
  test('lies between the margins, in their middle', () => {
    const camera = fitted(LARGE, VIEW);
    expect(camera.zoom).toBeCloseTo(700 / 6000);
    expect(seenAt(camera, 0, 0).y).toBeCloseTo(40, 0);
    expect(seenAt(camera, 0, 6000).y).toBeCloseTo(740, 0);
    expect(seenAt(camera, 4000, 3000).x).toBeCloseTo(500, 0);
  });

  test('is never enlarged beyond 1:1', () => {
    expect(fitZoom(SMALL, VIEW)).toBe(1);
  });

  test('survives a pane that is smaller than its margins', () => {
    const { zoom } = fitted(LARGE, { ...VIEW, width: 1, height: 1 });
    expect(zoom).toBeGreaterThan(0);
  });
});

describe('zooming', () => {
  test('leaves the pixel under the pointer where it is', () => {
    const at = { x: 300, y: 400 };
    const before = { x: 3000, y: 2500, zoom: 1 };
    const after = zoomedAt(before, 3, at, LARGE, VIEW);
    const under = {
      x: (at.x - originOf(before, VIEW).x) / before.zoom,
      y: (at.y - originOf(before, VIEW).y) / before.zoom,
    };
    expect(Math.abs(seenAt(after, under.x, under.y).x - at.x)).toBeLessThan(3);
    expect(Math.abs(seenAt(after, under.x, under.y).y - at.y)).toBeLessThan(3);
    expect(after.zoom).toBe(3);
  });

  test('ends at 16:1, and where all is in view', () => {
    const camera = fitted(LARGE, VIEW);
    const at = { x: 500, y: 400 };
    expect(zoomedAt(camera, 1000, at, LARGE, VIEW).zoom).toBe(LARGEST_ZOOM);
    expect(zoomedAt(camera, 0, at, LARGE, VIEW)).toEqual(camera);
  });

  test('stops at the fitted zoom and at round ones', () => {
    expect(nextStop(0.1167, 1, 0.1167)).toBe(0.125);
    expect(nextStop(0.125, -1, 0.1167)).toBe(0.1167);
    expect(nextStop(0.1167, -1, 0.1167)).toBe(0.1167);
    expect(nextStop(1, 1, 0.1167)).toBe(1.5);
    expect(nextStop(1.2, -1, 0.1167)).toBe(1);
    expect(nextStop(16, 1, 0.1167)).toBe(16);
  });

  test('by a double click goes from all of it to 1:1 and back', () => {
    expect(toggledZoom(0.1, 0.1)).toBe(1);
    expect(toggledZoom(1, 0.1)).toBe(0.1);
    expect(toggledZoom(7, 0.1)).toBe(0.1);
    expect(toggledZoom(1, 1)).toBe(4);
  });
});

describe('panning', () => {
  test('moves the picture with the pointer', () => {
    expect(panned({ x: 3000, y: 2500, zoom: 2 }, { x: 100, y: -50 }, LARGE, VIEW)).toEqual({
      x: 2950,
      y: 2525,
      zoom: 2,
    });
  });

  test('ends where the edge is clear of the margin', () => {
    const camera = panned({ x: 3000, y: 2500, zoom: 1 }, { x: 1e6, y: 1e6 }, LARGE, VIEW);
    expect(seenAt(camera, 0, 0)).toEqual({ x: VIEW.left, y: VIEW.top });
    const other = panned({ x: 3000, y: 2500, zoom: 1 }, { x: -1e6, y: -1e6 }, LARGE, VIEW);
    expect(seenAt(other, 8000, 6000)).toEqual({ x: 990, y: 740 });
  });

  test('does not move what is in view anyway', () => {
    const camera = fitted(SMALL, VIEW);
    expect(panned(camera, { x: 500, y: 500 }, SMALL, VIEW)).toEqual(camera);
  });
});

test('another picture of the same size is looked at at the same place', () => {
  const camera = { x: 3000, y: 2500, zoom: 2 };
  expect(carriedOver(camera, LARGE, LARGE, VIEW)).toEqual(camera);
  expect(carriedOver(camera, LARGE, { width: 4000, height: 6000 }, VIEW)).toEqual({
    x: 1500,
    y: 2500,
    zoom: 2,
  });
});

test('1:1 puts each pixel of the result on one of the screen', () => {
  const origin = originOf({ x: 1234.567, y: 2345.678, zoom: 1 }, VIEW);
  expect([origin.x, origin.y].every(Number.isInteger)).toBe(true);
});

test('any camera is brought within its limits, and stays there', () => {
  fc.assert(
    fc.property(anyCamera, anySize, anyView, (camera, size, view) => {
      const once = limited(camera, size, view);
      expect(once.zoom).toBeGreaterThanOrEqual(fitZoom(size, view));
      expect(once.zoom).toBeLessThanOrEqual(Math.max(LARGEST_ZOOM, fitZoom(size, view)));
      expect(once.x).toBeGreaterThanOrEqual(0);
      expect(once.x).toBeLessThanOrEqual(size.width);
      expect(once.y).toBeGreaterThanOrEqual(0);
      expect(once.y).toBeLessThanOrEqual(size.height);
      expect(limited(once, size, view)).toEqual(once);
    }),
  );
});

test('what is in view lies within the picture, and all of it is when fitted', () => {
  fc.assert(
    fc.property(anyCamera, anySize, anyView, (camera, size, view) => {
      const part = visiblePart(limited(camera, size, view), size, view);
      expect(part.x).toBeGreaterThanOrEqual(0);
      expect(part.y).toBeGreaterThanOrEqual(0);
      expect(part.x + part.width).toBeLessThanOrEqual(size.width * (1 + 1e-9));
      expect(part.y + part.height).toBeLessThanOrEqual(size.height * (1 + 1e-9));
      expect(isFitted(fitted(size, view), size, view)).toBe(true);
    }),
  );
  expect(visiblePart(fitted(LARGE, VIEW), LARGE, VIEW)).toEqual({ x: 0, y: 0, ...LARGE });
});

test('the height between the margins is known', () => {
  expect(clearHeight(VIEW)).toBe(700);
});
