import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shiftNetwork } from '../../support/foreign-networks.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { writeModel } from '../../support/write-model.ts';
import { command } from '../in-process.ts';
import { filesIn, linesOf, makePictures } from '../support.ts';

/** Models of every scale, none of which ships. */
beforeEach(async () => {
  const folder = await temporaryFolder();
  for (const scale of [3, 8]) {
    const onnx = shiftNetwork({ scale, radius: 1 });
    await writeModel(folder, { id: `drawn-x${scale}`, scale, receptiveRadius: 1 }, [
      { onnx, dtype: 'float32' },
    ]);
  }
  const strength = { input: 'strength', dtype: 'float32' as const, dims: [], from: 0, to: 1, default: 1 };
  const onnx = shiftNetwork({ strength: { dtype: 'float32', dims: [] } });
  const restore = { id: 'restore-x1', task: 'restore' as const, strength };
  await writeModel(folder, restore, [{ onnx, dtype: 'float32' }]);
  for (const task of ['face-detect', 'face-restore'] as const) {
    await writeModel(folder, { id: task, task }, [{ onnx: shiftNetwork(), dtype: 'float32' }]);
  }
  vi.stubEnv('ENLARGER_MODELS', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function enhance(root: string, ...words: string[]) {
  const folders = [join(root, 'in'), '--out', join(root, 'out'), '--tile', '32'];
  const { exits, written } = await command('enhance', ...folders, '--json', ...words);
  return { exits, lines: linesOf(written) };
}

describe('scales', () => {
  it.each([
    [['--model', 'restore-x1'], 1, 'restore-x1'],
    [['--model', 'drawn-x3'], 3, 'drawn-x3'],
    [['--scale', '3'], 3, 'drawn-x3'],
    [['--scale', '8'], 8, 'drawn-x8'],
    [['--scale', '1'], 1, 'restore-x1'],
  ])('%j enlarges %i times', async (words, scale, model) => {
    const root = await makePictures(['a.png']);
    const { exits, lines } = await enhance(root, '--name', '{name} {model} x{scale}', ...words);
    expect([exits, lines.at(-1)]).toMatchObject([[0], { event: 'summary', done: 1 }]);
    const name = `a ${model} x${scale}.png`;
    expect(await filesIn(join(root, 'out'))).toEqual([name]);
    const { width, height } = await sharp(join(root, 'out', name)).metadata();
    expect([width, height]).toEqual([37 * scale, 29 * scale]);
  });

  it.each([
    [['--scale', '4'], '--scale 4: no model enlarges 4 times. Choose one of: 1, 3, 8.'],
    [[], '--scale 2: no model enlarges 2 times. Choose one of: 1, 3, 8.'],
    [
      ['--scale', '3', '--model', 'restore-x1'],
      "--scale 3: model 'restore-x1' enlarges 1 times. Leave out one of the two.",
    ],
  ])('%j is refused with those there are', async (words, message) => {
    const root = await makePictures(['a.png']);
    await expect(enhance(root, ...words)).rejects.toMatchObject({ code: 'bad-argument', message });
    expect(await filesIn(join(root, 'out'))).toEqual([]);
  });
});

describe('--strength', () => {
  /** The mean of the results, 0..255. */
  async function brightness(...words: string[]) {
    const root = await makePictures(['a.png']);
    const { exits } = await enhance(root, '--model', 'restore-x1', '--name', 'a', ...words);
    expect(exits).toEqual([0]);
    return (await sharp(join(root, 'out', 'a.png')).stats()).channels[0]?.mean ?? Number.NaN;
  }

  it('is that of the model where it is not chosen, and else as many per cent', async () => {
    const full = await brightness();
    expect(Math.abs((await brightness('--strength', '50')) - full / 2)).toBeLessThan(1);
    expect(await brightness('--strength', '0')).toBe(0);
  });

  it('makes another result: what was done with one is done again with another', async () => {
    const root = await makePictures(['a.png']);
    const again = async (strength: string) => {
      const words = ['--model', 'restore-x1', '--strength', strength, '--on-collision', 'overwrite'];
      return (await enhance(root, ...words)).lines.at(-1);
    };
    expect(await again('80')).toMatchObject({ done: 1, skipped: 0 });
    expect(await again('80')).toMatchObject({ done: 0, skipped: 1 });
    expect(await again('30')).toMatchObject({ done: 1, skipped: 0 });
  });

  it('is refused for a model that has none', async () => {
    const root = await makePictures(['a.png']);
    const message = "--strength: model 'drawn-x3' has no strength that could be chosen. Leave it out.";
    await expect(enhance(root, '--model', 'drawn-x3', '--strength', '10')).rejects.toMatchObject({
      code: 'bad-argument',
      message,
    });
  });
});

it.each([
  ['face-detect', 'finds faces'],
  ['face-restore', 'restores single faces'],
])('the model %s is refused for whole pictures', async (id, does) => {
  const root = await makePictures(['a.png']);
  const message = `Model '${id}' ${does}; it cannot be used on whole pictures. Choose a model that enlarges or restores pictures.`;
  await expect(enhance(root, '--model', id)).rejects.toMatchObject({ code: 'bad-argument', message });
});
