import type { Raster } from './picture-network.ts';

/** BT.601 luma of RGB, as the field's tables have it. */
const LUMA = [65.481 / 255, 128.553 / 255, 24.966 / 255] as const;

const CHANNELS = 3;
const PEAK = 255;

/** PSNR in dB where nothing differs. */
const EQUAL = 99;

/** dB beyond which nobody sees a difference: what is lost of more is no loss. */
const PERFECT = 40;

/** Square differences of luma. */
class LumaError {
  #sum = 0;
  #count = 0;

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

  /** Peak signal-to-noise ratio in dB. */
  get psnr(): number {
    if (this.#sum === 0) return EQUAL;
    return Math.min(EQUAL, 10 * Math.log10(PEAK ** 2 / (this.#sum / this.#count)));
  }
}

/** How far results are from what they are compared with, over many pictures. */
export class QualityMeter {
  readonly #all = new LumaError();
  readonly #each: number[] = [];

  /** Adds a result, `shave` pixels at its borders left out. */
  add(result: Raster, compared: Raster, shave: number): void {
    const error = new LumaError();
    error.add(result, compared, shave);
    this.#each.push(Math.min(PERFECT, error.psnr));
    this.#all.add(result, compared, shave);
  }

  /** The mean of the pictures' PSNR in dB, as benchmarks have it; 40 is the best that a picture can have. */
  get mean(): number {
    return this.#each.reduce((sum, psnr) => sum + psnr, 0) / this.#each.length;
  }

  /** The PSNR of all pixels together, in dB. */
  get overall(): number {
    return this.#all.psnr;
  }
}
