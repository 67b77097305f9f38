import { describe, expect, it } from 'vitest';
import { placeWindow } from '../../../../src/main/shells/desktop/window-state.ts';

const MAIN = { x: 0, y: 25, width: 1920, height: 1055 };
const SECOND = { x: 1920, y: 0, width: 1280, height: 1024 };
const left = (x: number, y: number, width = 1000, height = 700, maximised = false) => ({
  bounds: { x, y, width, height },
  maximised,
});

describe('where a window opens', () => {
  it.each([
    ['the first time', undefined, [MAIN], { width: 1280, height: 800, maximised: false }],
    [
      'on a display smaller than it',
      undefined,
      [{ ...MAIN, width: 1024, height: 600 }],
      {
        width: 1024,
        height: 600,
        maximised: false,
      },
    ],
    ['as it was', left(100, 60), [MAIN], { x: 100, y: 60, width: 1000, height: 700, maximised: false }],
    [
      'on the second display, maximised',
      left(2000, 10, 900, 600, true),
      [MAIN, SECOND],
      { x: 2000, y: 10, width: 900, height: 600, maximised: true },
    ],
    [
      'in the middle where its display is gone',
      left(2000, 10, 900, 600, true),
      [MAIN],
      { width: 900, height: 600, maximised: true },
    ],
    [
      'made to fit where its display is gone',
      left(2000, 10, 4000, 3000),
      [MAIN],
      {
        width: 1920,
        height: 1055,
        maximised: false,
      },
    ],
    ['where a corner can be taken hold of', left(1800, 60), [MAIN], { x: 1800, y: 60 }],
    ['not where too little can', left(1801, 60), [MAIN], { x: undefined }],
    ['not with its title above the display', left(100, 0), [MAIN], { x: undefined }],
    ['not with its title below the display', left(100, 1050), [MAIN], { x: undefined }],
    ['never too small to use', left(100, 60, 10, 10), [MAIN], { width: 720, height: 480 }],
  ])('%s', (_, state, displays, place) => {
    const { x, ...rest } = placeWindow(state, displays);
    expect({ x, ...rest }).toEqual(expect.objectContaining(place));
  });

  it('without any display: with its size', () => {
    expect(placeWindow(left(0, 0), [])).toEqual({ width: 1000, height: 700, maximised: false });
  });
});
