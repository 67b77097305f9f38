import { createHash } from 'node:crypto';
import type { Metadata } from 'sharp';

/** What a picture carries beside its pixels, as read from a file. */
export interface PictureFacts {
  /** SHA-256 of the ICC profile. */
  profile?: string | undefined;
  exif: boolean;
  xmp: boolean;
  iptc: boolean;
  /** Dots an inch. */
  resolution?: number | undefined;
  /** EXIF orientation, 1..8; 1 where none is stated. */
  orientation: number;
  bitsPerSample: number;
  alpha: boolean;
  gray: boolean;
}

/** What `metadata` says of a file, reduced to what can be compared between formats. */
export function factsOf(metadata: Metadata): PictureFacts {
  const { icc, density } = metadata;
  return {
    profile: icc && createHash('sha256').update(icc).digest('hex'),
    exif: metadata.exif !== undefined,
    xmp: metadata.xmp !== undefined,
    iptc: metadata.iptc !== undefined,
    resolution: density,
    orientation: metadata.orientation ?? 1,
    bitsPerSample: metadata.bitsPerSample ?? (metadata.depth === 'ushort' ? 16 : 8),
    alpha: metadata.hasAlpha,
    gray: metadata.space === 'b-w' || metadata.space === 'grey16',
  };
}
