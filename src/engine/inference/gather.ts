import type { Rect } from '../../shared/tiles.ts';
import { reflect } from './reflect.ts';

type SampleArray = Uint8Array | Uint16Array;

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
 * Copies `tile` with `radius` pixels around it out of `frame` into `into`
 * ((tile.height + 2·radius) × (tile.width + 2·radius) × 3): real neighbours where there are any, the
 * frame's reflection beyond its borders.
 */
export function gatherTile(frame: Samples, tile: Rect, radius: number, into: SampleArray): void {
  const { top = 0 } = frame;
  const rowLength = (tile.width + 2 * radius) * CHANNELS;
  const left = Math.min(radius, tile.x);
  const right = Math.min(radius, frame.width - tile.x - tile.width);
  const inner = (left + tile.width + right) * CHANNELS;
  for (let row = -radius; row < tile.height + radius; row++) {
    const source = (reflect(tile.y + row, frame.height) - top) * frame.width * CHANNELS;
    const target = (row + radius) * rowLength;
    const from = source + (tile.x - left) * CHANNELS;
    into.set(frame.data.subarray(from, from + inner), target + (radius - left) * CHANNELS);
    for (let column = -radius; column < -left; column++) {
      copyPixel(frame, source, tile.x + column, into, target + (radius + column) * CHANNELS);
    }
    for (let column = tile.width + right; column < tile.width + radius; column++) {
      copyPixel(frame, source, tile.x + column, into, target + (radius + column) * CHANNELS);
    }
  }
}

function copyPixel(frame: Samples, row: number, column: number, into: SampleArray, target: number): void {
  const from = row + reflect(column, frame.width) * CHANNELS;
  for (let channel = 0; channel < CHANNELS; channel++) {
    into[target + channel] = frame.data[from + channel] as number;
  }
}

/** Copies an enlarged tile (rows without gaps) to its place in the enlarged frame. */
export function scatterTile(enlarged: SampleArray, place: Rect, frame: Samples): void {
  const { top = 0 } = frame;
  const rowLength = place.width * CHANNELS;
  for (let row = 0; row < place.height; row++) {
    const target = ((place.y - top + row) * frame.width + place.x) * CHANNELS;
    frame.data.set(enlarged.subarray(row * rowLength, (row + 1) * rowLength), target);
  }
}

/** 16-bit samples as the 0..1 floats that a float32 entry reads. */
export function toUnit(samples: Uint16Array, into: Float32Array): void {
  for (let index = 0; index < samples.length; index++) into[index] = (samples[index] as number) / 65_535;
}

/** 0..1 floats as 16-bit samples, rounded to the nearest. */
export function fromUnit(values: Float32Array, into: Uint16Array): void {
  for (let index = 0; index < values.length; index++) {
    into[index] = Math.min(65_535, Math.max(0, Math.round((values[index] as number) * 65_535)));
  }
}
