import type { Rect } from '../../shared/tiles.ts';
import { reflect } from './reflect.ts';

export type SampleArray = Uint8Array | Uint16Array;

/** Samples of a picture, interleaved by pixel, rows without gaps. */
export interface Samples {
  data: SampleArray;
  /** Pixels of the whole picture. */
  width: number;
  height: number;
  /** The first row that `data` holds; 0 where absent. The rows it lacks must not be asked for. */
  top?: number;
}

const CHANNELS = 3;

/**
 * Copies `area` of `frame` into `into` (area.height × area.width × 3). It may reach beyond the frame on every side, and
 * holds at least one pixel of it: real pixels where there are any, the frame's reflection beyond its borders.
 */
export function gatherArea(frame: Samples, area: Rect, into: SampleArray): void {
  const { top = 0 } = frame;
  const left = Math.max(0, area.x);
  const right = Math.min(frame.width, area.x + area.width);
  for (let row = 0; row < area.height; row++) {
    const source = (reflect(area.y + row, frame.height) - top) * frame.width * CHANNELS;
    const target = row * area.width * CHANNELS;
    const inner = frame.data.subarray(source + left * CHANNELS, source + right * CHANNELS);
    into.set(inner, target + (left - area.x) * CHANNELS);
    for (let column = area.x; column < left; column++) {
      copyPixel(frame, source, column, into, target + (column - area.x) * CHANNELS);
    }
    for (let column = right; column < area.x + area.width; column++) {
      copyPixel(frame, source, column, into, target + (column - area.x) * CHANNELS);
    }
  }
}

function copyPixel(frame: Samples, row: number, column: number, into: SampleArray, target: number): void {
  const from = row + reflect(column, frame.width) * CHANNELS;
  for (let channel = 0; channel < CHANNELS; channel++) {
    into[target + channel] = frame.data[from + channel] as number;
  }
}

/** Whether red, green and blue are the same in every pixel. */
export function isGray(samples: SampleArray): boolean {
  for (let index = 0; index < samples.length; index += CHANNELS) {
    const red = samples[index];
    if (red !== samples[index + 1] || red !== samples[index + 2]) return false;
  }
  return true;
}
