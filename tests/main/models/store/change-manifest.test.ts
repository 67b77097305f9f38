import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  changedManifest,
  expectSameUse,
  isOnlyWords,
} from '../../../../src/main/models/store/change-manifest.ts';
import { modelChangeSchema } from '../../../../src/shared/contract/models.ts';
import { type ModelManifest, manifestSchema } from '../../../../src/shared/models.ts';

const entry = (dtype: 'uint8' | 'float32') => ({
  ...{ dtype, range: dtype === 'uint8' ? [0, 255] : [0, 1], file: `${dtype}.onnx` },
  ...{ sha256: 'a'.repeat(64), bytes: 1 },
});

function manifestOf(dtypes: readonly ('uint8' | 'float32')[], more: object = {}): ModelManifest {
  return manifestSchema.parse({
    ...{ formatVersion: 1, id: 'a', title: 'A', description: '', task: 'upscale', scale: 2 },
    ...{ receptiveRadius: 4, padding: 'same', licence: 'MIT', source: 'here', layout: 'NCHW' },
    ...{ channelOrder: 'RGB', tile: { cpu: [64, 64] }, parameters: 1 },
    variants: [{ id: 'fp32', entries: dtypes.map(entry) }],
    ...more,
  });
}

describe('changedManifest', () => {
  it('sets plain fields, leaves out what says nothing, and takes an id from nobody', () => {
    const manifest = manifestOf(['float32']);
    const change = { title: 'B', scale: 4, licence: undefined, exact: false };
    expect(changedManifest(manifest, change)).toEqual({ ...manifest, title: 'B', scale: 4, exact: false });
  });

  it('sets the range of all entries that take floats', () => {
    const { variants } = changedManifest(manifestOf(['uint8', 'float32']), { range: [-1, 1] });
    expect(variants[0]?.entries.map(({ range }) => range)).toEqual([
      [0, 255],
      [-1, 1],
    ]);
    expect(() => changedManifest(manifestOf(['uint8']), { range: [-1, 1] })).toThrow(/takes bytes/);
  });

  it('sets tile, the one size, and the usual strength', () => {
    const strength = { input: 's', dims: [], from: 0, to: 1, default: 1 };
    const manifest = manifestOf(['float32'], { strength, fixed: [64, 64] });
    expect(changedManifest(manifest, { tile: [32, 48], strength: 0.25, fixed: null })).toMatchObject({
      tile: { cpu: [32, 48] },
      strength: { ...strength, default: 0.25 },
    });
    expect(changedManifest(manifest, { fixed: null })).not.toHaveProperty('fixed');
    expect(changedManifest(manifest, { fixed: [8, 8] }).fixed).toEqual([8, 8]);
    expect(() => changedManifest(manifestOf(['float32']), { strength: 1 })).toThrow(/the network has none/);
    const pinned = manifestOf(['float32'], { strength: { ...strength, from: 0.5, to: 0.5 } });
    expect(() => changedManifest(pinned, { strength: 1 })).toThrow(/always gets the same number/);
  });
});

it('isOnlyWords: what people read, and what changes results', () => {
  expect(
    [{}, { title: 'A', source: 'B' }, { title: 'A', scale: 2 }, { tile: [8, 8] as [number, number] }].map(
      isOnlyWords,
    ),
  ).toEqual([...[true, true, false, false]]);
});

describe('expectSameUse', () => {
  const before = manifestOf(['float32']);
  const [fp32] = before.variants;

  it('lets words and further variants be', () => {
    const variants = [{ id: 'fp16', entries: fp32?.entries }, fp32] as ModelManifest['variants'];
    expectSameUse(before, { ...before, title: 'B', source: 'there', variants });
  });

  it.each([
    { scale: 4 },
    { tile: { cpu: [32, 32] } },
    { fixed: [8, 8] },
    { variants: [] },
    { variants: changedManifest(before, { range: [-1, 1] }).variants },
  ] as Partial<ModelManifest>[])('refuses %o', (other) => {
    expect(() => expectSameUse(before, { ...before, ...other })).toThrow(
      expect.objectContaining({ code: 'in-use' }),
    );
  });
});

describe('what no manifest may say', () => {
  const [largest, beyond] = [8192, 8193];

  it.each([
    { tile: { cpu: [largest, beyond] } },
    { fixed: [beyond, 64] },
    { padding: beyond },
    { variants: [{ id: 'fp32', entries: [{ ...entry('float32'), range: [1, 1] }] }] },
  ])('%o', (wrong) => {
    expect(() => manifestOf(['float32'], wrong)).toThrow(z.ZodError);
  });

  it.each([{ tile: [8, 64] }, { tile: [64, beyond] }, { range: [0, 0] }, { fixed: [beyond, 64] }])(
    'nor a change: %o',
    (wrong) => {
      expect(modelChangeSchema.safeParse(wrong).success).toBe(false);
    },
  );

  it('the largest is allowed', () => {
    const most = { tile: { cpu: [largest, largest] }, fixed: [largest, largest], padding: largest };
    expect(manifestOf(['float32'], most)).toMatchObject(most);
  });
});
