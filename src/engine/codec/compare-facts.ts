import type { Fidelity } from '../../shared/fidelity.ts';
import type { PictureFacts } from './picture-facts.ts';

type Entry = Fidelity[number];

/**
 * Compares what was read from the source with what was read back from its written result: a statement about
 * files, not about intentions. `format` is that of the result; `converted` is set where the colours had to
 * change their space.
 */
export function compareFacts(
  source: PictureFacts,
  result: PictureFacts,
  { format, converted }: { format: string; converted: boolean },
): Fidelity {
  const cannot = `${format} files as Enlarger writes them do not hold it`;
  const present = (what: Entry['what'], before: boolean, after: boolean): Entry[] => {
    if (!before) return [];
    return [after ? { what, became: 'kept' } : { what, became: 'dropped', why: cannot }];
  };
  return [
    ...profile(source, result, converted, cannot),
    ...present('exif', source.exif, result.exif),
    ...present('xmp', source.xmp, result.xmp),
    ...present('iptc', source.iptc, result.iptc),
    ...resolution(source, result, cannot),
    ...orientation(source),
    ...depth(source, result, format),
    ...present('alpha', source.alpha, result.alpha),
    ...present('gray', source.gray, result.gray),
  ];
}

function profile(source: PictureFacts, result: PictureFacts, converted: boolean, cannot: string): Entry[] {
  if (source.profile === undefined) return [];
  if (source.profile === result.profile) return [{ what: 'profile', became: 'kept' }];
  if (converted) return [{ what: 'profile', became: 'changed', why: 'the colours were converted to sRGB' }];
  return [{ what: 'profile', became: 'dropped', why: cannot }];
}

/** Formats count dots by the inch, by the centimetre or by the metre: a dot more or less is rounding. */
const ROUNDING = 1;

function resolution(source: PictureFacts, result: PictureFacts, cannot: string): Entry[] {
  if (source.resolution === undefined) return [];
  if (result.resolution === undefined) return [{ what: 'resolution', became: 'dropped', why: cannot }];
  const same = Math.abs(source.resolution - result.resolution) <= ROUNDING;
  return [
    same ? { what: 'resolution', became: 'kept' } : { what: 'resolution', became: 'changed', why: cannot },
  ];
}

function orientation(source: PictureFacts): Entry[] {
  if (source.orientation === 1) return [];
  return [{ what: 'orientation', became: 'changed', why: 'the result is stored upright' }];
}

function depth(source: PictureFacts, result: PictureFacts, format: string): Entry[] {
  if (source.bitsPerSample <= 8) return [];
  if (result.bitsPerSample >= source.bitsPerSample) return [{ what: 'depth', became: 'kept' }];
  const why = `${format} results have ${result.bitsPerSample} bits a sample, and the source ${source.bitsPerSample}`;
  return [{ what: 'depth', became: 'changed', why }];
}
