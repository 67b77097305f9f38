import { createHash } from 'node:crypto';
import type { Metadata } from 'sharp';
import { type MetadataFacts, readMetadataFacts } from './metadata/read-facts.ts';

/** What a picture carries beside its pixels, as read from a file. */
export interface PictureFacts extends MetadataFacts {
  /** SHA-256 of the ICC profile. */
  profile?: string | undefined;
  /** EXIF orientation, 1..8; 1 where none is stated. */
  orientation: number;
  bitsPerSample: number;
  alpha: boolean;
  gray: boolean;
}

/** What `file` says of itself, reduced to what can be compared between formats; `metadata` is sharp's word. */
export async function factsOf(file: string, metadata: Metadata): Promise<PictureFacts> {
  const { icc } = metadata;
  return {
    ...(await readMetadataFacts(file, metadata)),
    profile: icc && createHash('sha256').update(icc).digest('hex'),
    orientation: metadata.orientation ?? 1,
    bitsPerSample: metadata.bitsPerSample ?? (metadata.depth === 'ushort' ? 16 : 8),
    alpha: metadata.hasAlpha,
    gray: metadata.space === 'b-w' || metadata.space === 'grey16',
  };
}
