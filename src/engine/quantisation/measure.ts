import type { Raster } from './picture-network.ts';

/** BT.601 luma of RGB, as the field's tables have it. */
const LUMA = [65.481 / 255, 128.553 / 255, 24.966 / 255] as const;

const CHANNELS = 3;
const PEAK = 255;

/** PSNR in dB where nothing differs. */
const EQUAL = 99;

/** Square differences of luma of many pictures together. */
export class LumaError {
  #sum = 0;
  #count = 0;

  /** Adds how `a` differs from `b`, `shave` pixels at the borders left out. */
  add(a: Raster, b: Raster, shave: number): void {
    for (let y = shave; y < a.height - shave; y++) {
      for (let x = shave; x < a.width - shave; x++) {
        const at = (y * a.width + x) * CHANNELS;
        let difference = 0;
        for (const [channel, weight] of LUMA.entries()) {
          difference += weight * ((a.data[at + channel] as number) - (b.data[at + channel] as number));
        }
        this.#sum += difference ** 2;
        this.#count += 1;
      }
    }
  }

  /** Peak signal-to-noise ratio of all that was added, in dB. */
  get psnr(): number {
    if (this.#sum === 0) return EQUAL;
    return Math.min(EQUAL, 10 * Math.log10(PEAK ** 2 / (this.#sum / this.#count)));
  }
}
