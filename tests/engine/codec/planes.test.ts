import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameLayout } from '../../../src/engine/codec/frame-layout.ts';
import { hasAlpha, isOpaque, join, split } from '../../../src/engine/codec/planes.ts';

const bands = fc.integer({ min: 1, max: 4 });

describe('split and join', () => {
  it('give back what went in', () => {
    fc.assert(
      fc.property(bands, fc.boolean(), fc.array(fc.nat(65_535), { maxLength: 64 }), (count, deep, values) => {
        const samples = deep ? Uint16Array : Uint8Array;
        const pixels = Math.floor(values.length / count);
        const before = samples.from(values.slice(0, pixels * count));
        const rgb = new samples(pixels * 3);
        const alpha = hasAlpha(count) ? new samples(pixels) : undefined;
        split(before, count, pixels, rgb, alpha);
        const after = new samples(before.length);
        join(rgb, alpha, count, pixels, after);
        expect(after).toEqual(before);
      }),
    );
  });

  it('gray is the rounded mean, and missing alpha is opaque', () => {
    const eight = new Uint8Array(2);
    join(Uint8Array.of(10, 20, 31), undefined, 2, 1, eight);
    const sixteen = new Uint16Array(4);
    join(Uint16Array.of(1000, 2000, 3000), undefined, 4, 1, sixteen);
    expect([[...eight], [...sixteen]]).toEqual([
      [20, 255],
      [1000, 2000, 3000, 65_535],
    ]);
  });

  it('opaque means opaque throughout, at either depth', () => {
    expect([
      isOpaque(Uint8Array.of(255, 255)),
      isOpaque(Uint8Array.of(255, 254)),
      isOpaque(Uint16Array.of(65_535)),
      isOpaque(Uint16Array.of(255)),
    ]).toEqual([true, false, true, false]);
  });
});

describe('the place of a frame in memory', () => {
  const frames = fc.record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    bands,
    deep: fc.boolean(),
  });

  it('its parts do not overlap, begin on whole samples and end with the memory', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 4 }), (frame, scale) => {
        const layout = frameLayout(frame, scale);
        const sample = frame.deep ? 2 : 1;
        const pixels = frame.width * frame.height * sample;
        const ends = [
          [layout.source, layout.source + 3 * pixels],
          ...(layout.alpha === undefined ? [] : [[layout.alpha, layout.alpha + pixels]]),
          [layout.result, layout.result + 3 * pixels * scale ** 2],
        ] as [number, number][];
        for (const [index, [start]] of ends.entries()) {
          expect(start % sample).toBe(0);
          if (index > 0) expect(start).toBeGreaterThanOrEqual((ends[index - 1] as [number, number])[1]);
        }
        expect(layout.byteLength).toBe((ends.at(-1) as [number, number])[1]);
        expect(layout.joined + frame.bands * pixels * scale ** 2).toBeLessThanOrEqual(layout.byteLength);
        expect(layout.alpha !== undefined).toBe(hasAlpha(frame.bands));
      }),
    );
  });

  it('joining in place reads every sample before it is overwritten', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const layout = frameLayout(frame, 2);
        const samples = frame.deep ? Uint16Array : Uint8Array;
        const pixels = frame.width * frame.height * 4;
        const buffer = new ArrayBuffer(layout.byteLength);
        const rgb = new samples(buffer, layout.result, pixels * 3).map((_, index) => (index * 7) % 251);
        new samples(buffer, layout.result, pixels * 3).set(rgb);
        const apart = new samples(pixels * frame.bands);
        join(rgb, undefined, frame.bands, pixels, apart);
        if (frame.bands !== 3) {
          const inPlace = new samples(buffer, layout.result, pixels * 3);
          const joined = new samples(buffer, layout.joined, pixels * frame.bands);
          join(inPlace, undefined, frame.bands, pixels, joined);
        }
        expect(new samples(buffer, layout.joined, pixels * frame.bands)).toEqual(apart);
      }),
    );
  });
});
