import type { SampleArray } from './planes.ts';

/**
 * Continues the colours of visible pixels under the transparent ones, in place, so that enlarging does not
 * mix in whatever colour a file happens to keep where nothing is seen (the dark or bright fringe).
 *
 * A pyramid: colours are averaged upwards by pairs of rows and columns as far as they are visible, then handed
 * down to the pixels that have none ("pull–push", S. Gortler et al., The Lumigraph, 1996).
 */
export function extendColours(rgb: SampleArray, alpha: SampleArray, width: number, height: number): void {
  if (alpha.every((value) => value === 0)) return;
  const base: Level = {
    width,
    height,
    rgb: Float32Array.from(rgb),
    visible: Uint8Array.from(alpha, Math.sign),
  };
  const levels = [base];
  for (let level = base; level.width > 1 || level.height > 1; ) {
    level = pull(level);
    levels.push(level);
  }
  for (let index = levels.length - 2; index >= 0; index--) {
    push(levels[index + 1] as Level, levels[index] as Level);
  }
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    if (alpha[pixel] !== 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      rgb[3 * pixel + channel] = Math.round(base.rgb[3 * pixel + channel] as number);
    }
  }
}

interface Level {
  width: number;
  height: number;
  rgb: Float32Array;
  /** 1 where the colour is known. */
  visible: Uint8Array;
}

function pull(fine: Level): Level {
  const width = Math.ceil(fine.width / 2);
  const height = Math.ceil(fine.height / 2);
  const rgb = new Float32Array(width * height * 3);
  const visible = new Uint8Array(width * height);
  const weight = new Uint8Array(width * height);
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const from = y * fine.width + x;
      if (!fine.visible[from]) continue;
      const to = (y >> 1) * width + (x >> 1);
      weight[to] = (weight[to] as number) + 1;
      for (let channel = 0; channel < 3; channel++) {
        rgb[3 * to + channel] = (rgb[3 * to + channel] as number) + (fine.rgb[3 * from + channel] as number);
      }
    }
  }
  for (let pixel = 0; pixel < weight.length; pixel++) {
    const count = weight[pixel] as number;
    if (count === 0) continue;
    visible[pixel] = 1;
    for (let channel = 0; channel < 3; channel++) {
      rgb[3 * pixel + channel] = (rgb[3 * pixel + channel] as number) / count;
    }
  }
  return { width, height, rgb, visible };
}

function push(coarse: Level, fine: Level): void {
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const to = y * fine.width + x;
      if (fine.visible[to]) continue;
      const from = (y >> 1) * coarse.width + (x >> 1);
      fine.visible[to] = coarse.visible[from] as number;
      for (let channel = 0; channel < 3; channel++) {
        fine.rgb[3 * to + channel] = coarse.rgb[3 * from + channel] as number;
      }
    }
  }
}
