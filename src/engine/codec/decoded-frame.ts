import type { PictureFacts } from './picture-facts.ts';

/** A picture as `decode` leaves it: its pixels and its metadata in scratch files. */
export interface DecodedFrame {
  width: number;
  height: number;
  /** 1 gray, 2 gray + alpha, 3 RGB, 4 RGB + alpha. */
  bands: number;
  deep: boolean;
  /** Pixels a millimetre. */
  resolution: [number, number];
  /** Scratch file with the pixels; `load` removes it. */
  pixels: string;
  /** Scratch file with the metadata, for `encode`. */
  carrier: string;
  /** What the source says of itself. */
  facts: PictureFacts;
  /** The colours had to change their space (CMYK, Lab). */
  converted: boolean;
  notes: string[];
}
