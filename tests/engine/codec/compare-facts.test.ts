import { expect, it } from 'vitest';
import { compareFacts } from '../../../src/engine/codec/compare-facts.ts';
import type { PictureFacts } from '../../../src/engine/codec/picture-facts.ts';
import type { Fidelity } from '../../../src/shared/fidelity.ts';

const BARE: PictureFacts = {
  exif: false,
  xmp: false,
  iptc: false,
  orientation: 1,
  bitsPerSample: 8,
  alpha: false,
  gray: false,
};

const CANNOT = 'tiff files as Enlarger writes them do not hold it';

it.each<[what: string, source: Partial<PictureFacts>, result: Partial<PictureFacts>, fidelity: Fidelity]>([
  ['says nothing of what was not there', {}, { exif: true, resolution: 72 }, []],
  [
    'says what was kept',
    { exif: true, xmp: true, iptc: true, profile: 'a', alpha: true, gray: true, resolution: 300 },
    { exif: true, xmp: true, iptc: true, profile: 'a', alpha: true, gray: true, resolution: 299.9 },
    (['profile', 'exif', 'xmp', 'iptc', 'resolution', 'alpha', 'gray'] as const).map((what) => ({
      what,
      became: 'kept',
    })),
  ],
  ['says what was dropped', { exif: true }, {}, [{ what: 'exif', became: 'dropped', why: CANNOT }]],
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
