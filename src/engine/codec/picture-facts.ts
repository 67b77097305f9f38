import { createHash } from 'node:crypto';
import type { Metadata } from 'sharp';
import type { PictureFacts } from '../../shared/fidelity.ts';

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
