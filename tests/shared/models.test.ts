import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { manifestSchema } from '../../src/shared/models.ts';

const MODELS = join(import.meta.dirname, '..', '..', 'resources', 'models');

type Fields = Record<string, unknown>;
let good: Fields;

beforeAll(async () => {
  good = JSON.parse(await readFile(join(MODELS, 'photo-x4', 'manifest.json'), 'utf8')) as Fields;
});

/** Where a manifest is refused, as paths of its fields; empty if it is not. */
function refusedAt(manifest: unknown): string[] {
  return manifestSchema.safeParse(manifest).error?.issues.map(({ path }) => path.join('.')) ?? [];
}

const entry = {
  dtype: 'uint8',
  range: [0, 255],
  file: 'weights.onnx',
  sha256: 'a'.repeat(64),
  bytes: 1,
};
const strength = { input: 'strength', dims: [1], from: 0, to: 1, default: 1 };
const withEntry = (change: Fields) => ({ variants: [{ id: 'fp32', entries: [{ ...entry, ...change }] }] });

describe('manifestSchema', () => {
  it.each(['photo-x2', 'photo-x4'])('takes the manifest of %s', async (id) => {
    const manifest = JSON.parse(await readFile(join(MODELS, id, 'manifest.json'), 'utf8')) as Fields;
    expect(manifestSchema.parse(manifest)).toEqual({ exact: true, channels: 3, multiple: 1, ...manifest });
  });

  it('takes what foreign networks are like', () => {
    const foreign = {
      scale: 3,
      padding: 5,
      layout: 'NCHW',
      channelOrder: 'BGR',
      channels: 1,
      multiple: 8,
      fixed: [64, 64],
      strength,
      exact: false,
    };
    expect(refusedAt({ ...good, ...foreign })).toEqual([]);
  });

  it('takes an entry that is as it should be', () => {
    expect(refusedAt({ ...good, ...withEntry({}) })).toEqual([]);
  });

  it.each<[string, Fields, string]>([
    ['of a later format', { formatVersion: 2 }, 'formatVersion'],
    ['with an id that is no folder name', { id: '../photo' }, 'id'],
    ['with capitals in its id', { id: 'Photo' }, 'id'],
    ['without a title', { title: '' }, 'title'],
    ['for another task', { task: 'colourise' }, 'task'],
    ['of a scale that is not whole', { scale: 1.5 }, 'scale'],
    ['of a scale that nobody wants', { scale: 9 }, 'scale'],
    ['with a radius that is not whole', { receptiveRadius: 1.5 }, 'receptiveRadius'],
    ['with unknown padding', { padding: 'reflect' }, 'padding'],
    ['of another layout', { layout: 'CHWN' }, 'layout'],
    ['with green first', { channelOrder: 'GRB' }, 'channelOrder'],
    ['for two channels', { channels: 2 }, 'channels'],
    ['with a strength beyond full', { strength: { ...strength, default: 2 } }, 'strength.default'],
    ['with tiles without height', { tile: { cpu: [512, 0] } }, 'tile.cpu.1'],
    ['without variants', { variants: [] }, 'variants'],
    ['with weights in another folder', withEntry({ file: '../weights.onnx' }), 'variants.0.entries.0.file'],
    ['with weights at an absolute path', withEntry({ file: '/w.onnx' }), 'variants.0.entries.0.file'],
    ['with something else than ONNX', withEntry({ file: 'weights.bin' }), 'variants.0.entries.0.file'],
    ['with half a hash', withEntry({ sha256: 'abc' }), 'variants.0.entries.0.sha256'],
    ['with empty weights', withEntry({ bytes: 0 }), 'variants.0.entries.0.bytes'],
    ['in half precision', withEntry({ dtype: 'float16' }), 'variants.0.entries.0.dtype'],
    ['with a variant unknown here', { variants: [{ id: 'int4', entries: [entry] }] }, 'variants.0.id'],
    ['with a field that means nothing', { colour: 'red' }, ''],
  ])('refuses a manifest %s', (_, change, where) => {
    expect(refusedAt({ ...good, ...change })).toEqual([where]);
  });

  it.each(['id', 'scale', 'receptiveRadius', 'licence', 'source', 'variants'])(
    'refuses a manifest without %s',
    (field) => {
      const { [field]: _, ...rest } = good;
      expect(refusedAt(rest)).toEqual([field]);
    },
  );

  it.each([null, 'photo-x2', [], 4])('refuses %j', (value) => {
    expect(refusedAt(value)).toEqual(['']);
  });
});
