import type { Fidelity } from '../../shared/fidelity.ts';
import { hdrTransfer } from './metadata/cicp.ts';
import type { PictureFacts } from './picture-facts.ts';

type Entry = Fidelity[number];

interface Comparison {
  source: PictureFacts;
  result: PictureFacts;
  /** Of the result. */
  format: string;
  /** The colours had to change their space. */
  converted: boolean;
  removeGps: boolean;
  /** Why the format does not have it. */
  cannot: string;
}

/**
 * Compares what was read from the source with what was read back from its written result: a statement about
 * files, not about intentions. `format` is that of the result; `converted` is set where the colours had to
 * change their space; `removeGps` where places were to be removed.
 */
export function compareFacts(
  source: PictureFacts,
  result: PictureFacts,
  { format, converted, removeGps = false }: { format: string; converted: boolean; removeGps?: boolean },
): Fidelity {
  const cannot = `${format} files as Enlarger writes them do not hold it`;
  const comparison = { source, result, format, converted, removeGps, cannot };
  return [
    profile,
    exif,
    makerNotes,
    software,
    thumbnail,
    gps,
    xmp,
    iptc,
    texts,
    resolution,
    orientation,
    depth,
    hdr,
    gainMap,
    alpha,
    gray,
  ].flatMap((compare) => compare(comparison));
}

const kept = (what: Entry['what']): Entry[] => [{ what, became: 'kept' }];
const changed = (what: Entry['what'], why: string): Entry[] => [{ what, became: 'changed', why }];
const dropped = (what: Entry['what'], why: string): Entry[] => [{ what, became: 'dropped', why }];

function profile({ source, result, converted, cannot }: Comparison): Entry[] {
  if (source.profile !== undefined) {
    if (source.profile === result.profile) return kept('profile');
    return converted
      ? changed('profile', 'the colours were converted to sRGB')
      : dropped('profile', tooLarge(source, 'icc-profile-data') ?? cannot);
  }
  // Colours stated as numbers say what a profile would.
  if (!source.colours || hdrTransfer(source.colours)) return [];
  return sameColours(source, result) ? kept('profile') : dropped('profile', cannot);
}

const sameColours = ({ colours: a }: PictureFacts, { colours: b }: PictureFacts) =>
  a !== undefined && a.primaries === b?.primaries && a.transfer === b.transfer;

function exif({ source, result, cannot }: Comparison): Entry[] {
  if (source.exif.length === 0) return [];
  const lacking = missing(source.exif, result.exif);
  if (lacking.length === 0) return kept('exif');
  if (lacking.length === source.exif.length) return dropped('exif', tooLarge(source, 'exif-data') ?? cannot);
  return changed('exif', `not carried over: ${listed(lacking)}`);
}

function makerNotes({ source, result }: Comparison): Entry[] {
  // A note that is missing altogether is among the tags of EXIF.
  if (source.makerNote === undefined || result.makerNote === undefined) return [];
  if (source.makerNote === result.makerNote) return kept('makerNotes');
  return changed('makerNotes', 'the note moved, and what it says is in a form of its maker');
}

function software({ source, result }: Comparison): Entry[] {
  if (source.software === undefined) return [];
  if (source.software === result.software) return kept('software');
  return changed('software', 'the result names the program that wrote it');
}

function thumbnail({ source, result, cannot }: Comparison): Entry[] {
  if (source.thumbnail === undefined) return [];
  if (result.thumbnail === undefined) return dropped('thumbnail', cannot);
  if (source.thumbnail === result.thumbnail) return kept('thumbnail');
  return changed('thumbnail', 'it was made anew, upright');
}

function gps({ source, result, removeGps, cannot }: Comparison): Entry[] {
  if (!source.gps) return [];
  if (result.gps) return kept('gps');
  return dropped('gps', removeGps ? 'it was to be removed' : cannot);
}

function xmp({ source, result, cannot }: Comparison): Entry[] {
  if (source.xmp === undefined) return [];
  if (result.xmp === undefined) return dropped('xmp', tooLarge(source, 'xmp-data') ?? cannot);
  const lacking = missing(source.xmp, result.xmp);
  if (lacking.length === 0) return kept('xmp');
  return changed('xmp', `not carried over: ${listed(lacking.map((name) => name.replace(/^.* /, '')))}`);
}

function iptc({ source, result, format, cannot }: Comparison): Entry[] {
  if (!source.iptc) return [];
  if (source.iptc.sha256 === result.iptc?.sha256) return kept('iptc');
  if (result.iptc) return changed('iptc', 'it was written anew');
  const { properties, complete } = source.iptc;
  const inXmp = properties.filter((name) => result.xmp?.includes(name));
  if (inXmp.length === 0) return dropped('iptc', tooLarge(source, 'iptc-data') ?? cannot);
  const all = complete && inXmp.length === properties.length;
  const what = all ? 'what it says' : `what has a place there (${inXmp.length} of its fields)`;
  return changed('iptc', `${format} has no place for it; ${what} is in XMP`);
}

function texts({ source, result, cannot }: Comparison): Entry[] {
  if (source.texts === 0) return [];
  if (result.texts >= source.texts) return kept('texts');
  return result.texts === 0 ? dropped('texts', cannot) : changed('texts', cannot);
}

/** Formats count dots by the inch, by the centimetre or by the metre: a dot more or less is rounding. */
const ROUNDING = 1;

function resolution({ source, result, cannot }: Comparison): Entry[] {
  if (source.resolution === undefined) return [];
  if (result.resolution === undefined) return dropped('resolution', cannot);
  const same = Math.abs(source.resolution - result.resolution) <= ROUNDING;
  return same ? kept('resolution') : changed('resolution', cannot);
}

function orientation({ source }: Comparison): Entry[] {
  return source.orientation === 1 ? [] : changed('orientation', 'the result is stored upright');
}

function depth({ source, result, format }: Comparison): Entry[] {
  if (source.bitsPerSample <= 8) return [];
  if (result.bitsPerSample >= source.bitsPerSample) return kept('depth');
  return changed(
    'depth',
    `${format} results have ${result.bitsPerSample} bits a sample, and the source ${source.bitsPerSample}`,
  );
}

function hdr({ source, result, format }: Comparison): Entry[] {
  const transfer = hdrTransfer(source.colours);
  if (!transfer) return [];
  if (sameColours(source, result)) return kept('hdr');
  return dropped('hdr', `${format} cannot say that its values are ${transfer}; save it as AVIF or PNG`);
}

function gainMap({ source, result }: Comparison): Entry[] {
  if (!source.gainMap) return [];
  if (result.gainMap) return kept('gainMap');
  return dropped('gainMap', 'the result is the picture of standard range');
}

const alpha = ({ source, result, cannot }: Comparison) =>
  !source.alpha ? [] : result.alpha ? kept('alpha') : dropped('alpha', cannot);

const gray = ({ source, result, cannot }: Comparison) =>
  !source.gray ? [] : result.gray ? kept('gray') : dropped('gray', cannot);

const tooLarge = ({ oversized }: PictureFacts, what: string) =>
  oversized?.includes(what) ? 'it is larger than any that programs write' : undefined;

function missing(before: readonly string[], after: readonly string[]): string[] {
  const there = new Set(after);
  return before.filter((name) => !there.has(name));
}

const MOST_NAMES = 5;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
