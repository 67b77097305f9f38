import { expect, it } from 'vitest';
import { compareFacts } from '../../../src/engine/codec/compare-facts.ts';
import type { PictureFacts } from '../../../src/engine/codec/picture-facts.ts';
import type { Fidelity } from '../../../src/shared/fidelity.ts';

const BARE: PictureFacts = {
  exif: [],
  gps: false,
  texts: 0,
  gainMap: false,
  orientation: 1,
  bitsPerSample: 8,
  alpha: false,
  gray: false,
};

const PQ = { primaries: 12, transfer: 16, matrix: 6, fullRange: true };
const IPTC = { sha256: 'a', properties: ['dc title'], complete: true };

const FULL: Partial<PictureFacts> = {
  profile: 'a',
  exif: ['ifd0 10f', 'ifd0 13b', 'exif 829a'],
  makerNote: 'a',
  software: 'Enlarger',
  thumbnail: 'a',
  gps: true,
  xmp: ['dc title'],
  iptc: IPTC,
  texts: 1,
  resolution: 300,
  colours: PQ,
  gainMap: true,
  alpha: true,
  gray: true,
};

const ALL = [
  'profile',
  'exif',
  'makerNotes',
  'software',
  'thumbnail',
  'gps',
  'xmp',
  'iptc',
  'texts',
  'resolution',
  'hdr',
  'gainMap',
  'alpha',
  'gray',
] as const;

const CANNOT = 'tiff files as Enlarger writes them do not hold it';
const WHY: Record<string, string> = {
  hdr: 'tiff cannot say that its values are PQ; save it as AVIF or PNG',
  gainMap: 'the result is the picture of standard range',
};

it.each<[what: string, source: Partial<PictureFacts>, result: Partial<PictureFacts>, fidelity: Fidelity]>([
  ['says nothing of what was not there', {}, { exif: ['ifd0 10f'], resolution: 72, software: 'a' }, []],
  [
    'says what was kept',
    { ...FULL, resolution: 300 },
    { ...FULL, exif: ['exif 829a', 'ifd0 13b', 'ifd0 10f'], resolution: 299.9 },
    ALL.map((what) => ({
      what,
      became: 'kept',
    })),
  ],
  [
    'says what was dropped',
    { ...FULL, software: undefined },
    {},
    ALL.filter((what) => what !== 'makerNotes' && what !== 'software').map((what) => ({
      what,
      became: 'dropped' as const,
      why: WHY[what] ?? CANNOT,
    })),
  ],
  [
    'tells EXIF that lost some of its tags',
    { exif: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] },
    { exif: ['h'] },
    [{ what: 'exif', became: 'changed', why: 'not carried over: a, b, c, d, e and 2 more' }],
  ],
  [
    'tells XMP that lost some of its properties',
    { xmp: ['http://one/ a', 'http://one/ b'] },
    { xmp: ['http://one/ a'] },
    [{ what: 'xmp', became: 'changed', why: 'not carried over: b' }],
  ],
  [
    'tells a note, a thumbnail and a name that are others',
    { makerNote: 'a', thumbnail: 'a', software: 'a' },
    { makerNote: 'b', thumbnail: 'b', software: 'b' },
    [
      {
        what: 'makerNotes',
        became: 'changed',
        why: 'the note moved, and what it says is in a form of its maker',
      },
      { what: 'software', became: 'changed', why: 'the result names the program that wrote it' },
      { what: 'thumbnail', became: 'changed', why: 'it was made anew, upright' },
    ],
  ],
  [
    'tells IPTC that went into XMP in part',
    { iptc: { sha256: 'a', properties: ['dc title', 'dc rights'], complete: false } },
    { xmp: ['dc title'] },
    [
      {
        what: 'iptc',
        became: 'changed',
        why: 'tiff has no place for it; what has a place there (1 of its fields) is in XMP',
      },
    ],
  ],
  [
    'tells IPTC that is another, and texts that are fewer',
    { iptc: { sha256: 'a', properties: [], complete: true }, texts: 2 },
    { iptc: { sha256: 'b', properties: [], complete: true }, texts: 1 },
    [
      { what: 'iptc', became: 'changed', why: 'it was written anew' },
      { what: 'texts', became: 'changed', why: CANNOT },
    ],
  ],
  [
    'takes colours in numbers for a profile',
    { colours: { ...PQ, transfer: 13 } },
    {},
    [{ what: 'profile', became: 'dropped', why: CANNOT }],
  ],
  [
    'tells another profile from the same',
    { profile: 'a' },
    { profile: 'b' },
    [{ what: 'profile', became: 'dropped', why: CANNOT }],
  ],
  [
    'says that a resolution is lost or another',
    { resolution: 300 },
    { resolution: 72 },
    [{ what: 'resolution', became: 'changed', why: CANNOT }],
  ],
  [
    'says that a turned picture stands upright now',
    { orientation: 6 },
    {},
    [{ what: 'orientation', became: 'changed', why: 'the result is stored upright' }],
  ],
  [
    'keeps depth that is as deep or deeper',
    { bitsPerSample: 10 },
    { bitsPerSample: 16 },
    [{ what: 'depth', became: 'kept' }],
  ],
  [
    'says that depth was lost',
    { bitsPerSample: 16 },
    { bitsPerSample: 10 },
    [{ what: 'depth', became: 'changed', why: 'tiff results have 10 bits a sample, and the source 16' }],
  ],
])('%s', (_what, source, result, fidelity) => {
  const facts = compareFacts(
    { ...BARE, ...source },
    { ...BARE, ...result },
    { format: 'tiff', converted: false },
  );
  expect(facts).toEqual(fidelity);
});

it('tells a profile that was converted from one that was lost', () => {
  const facts = compareFacts({ ...BARE, profile: 'cmyk' }, BARE, { format: 'jpeg', converted: true });
  expect(facts).toEqual([{ what: 'profile', became: 'changed', why: 'the colours were converted to sRGB' }]);
});

it('tells places that were to be removed from those that were lost', () => {
  const facts = (removeGps: boolean) =>
    compareFacts({ ...BARE, gps: true }, BARE, { format: 'tiff', converted: false, removeGps });
  expect(facts(true)).toEqual([{ what: 'gps', became: 'dropped', why: 'it was to be removed' }]);
  expect(facts(false)).toEqual([{ what: 'gps', became: 'dropped', why: CANNOT }]);
});

it('says what was left out for its size', () => {
  const source = { ...BARE, profile: 'a', oversized: ['icc-profile-data'] };
  const why = 'it is larger than any that programs write';
  expect(compareFacts(source, BARE, { format: 'tiff', converted: false })).toEqual([
    { what: 'profile', became: 'dropped', why },
  ]);
});
