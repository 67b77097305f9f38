import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../../../src/shared/models.ts';
import { compactNetwork, denseNetwork } from '../../engine/quantisation/networks.ts';
import { writePicture } from '../../support/pictures.ts';
import { enlarger, filesIn, linesOf, linesOfRunning, makePictures, sha256Of, start } from '../support.ts';
import { changeManifest, copyModels } from './models-copy.ts';

/** A folder with pictures to calibrate with in `photos`. */
async function withPhotos(): Promise<string> {
  const root = await makePictures(['small.jpg']);
  await mkdir(join(root, 'photos'));
  for (const seed of [1, 2, 3, 4]) {
    await writePicture(join(root, 'photos', `${seed}.png`), { width: 120, height: 110, seed });
  }
  return root;
}

describe('quantize', () => {
  it('gives an installed model its int8 variant, which pictures are enlarged with', {
    timeout: 240_000,
  }, async () => {
    const root = await withPhotos();
    const models = await copyModels();
    const env = { ENLARGER_MODELS: models };
    await changeManifest(models, 'photo-x2', (manifest) => ({
      ...manifest,
      variants: manifest.variants.filter(({ id }) => id === 'fp32'),
    }));
    const run = (more: string[] = []) =>
      enlarger(['quantize', 'photo-x2', '--calibrate', 'photos', ...more], { cwd: root, env });
    const first = await run();
    expect([first.exit, first.stderr]).toEqual([0, '']);
    // The name that a variant usually has is taken by the file that the manifest no longer names.
    expect(first.stdout).toMatch(
      /^✓ .+photo-x2\.int8-[0-9a-f]{12}\.onnx {2}\d+ kB, 3\.\d times smaller, [\d.]+ times as fast\n {2}[\d.]+ dB where fp32 has/,
    );
    const manifest = manifestSchema.parse(
      JSON.parse(await readFile(join(models, 'photo-x2', 'manifest.json'), 'utf8')),
    );
    const made = manifest.variants.find(({ id }) => id === 'int8');
    expect(made).toMatchObject({
      loss: expect.any(Number),
      fidelity: expect.any(Number),
      speed: expect.any(Number),
    });
    const [entry] = made?.entries ?? [];
    const bytes = await readFile(join(models, 'photo-x2', entry?.file ?? ''));
    expect(entry).toMatchObject({ dtype: 'uint8', bytes: bytes.length, sha256: sha256Of(bytes) });
    const enhance = ['enhance', 'in', '--out', 'out', '--variant', 'int8', '--tile', '64'];
    expect((await enlarger(enhance, { cwd: root, env })).exit).toBe(0);

    const second = await run();
    expect([second.exit, second.stderr]).toEqual([
      3,
      "✗ Model 'photo-x2' has an int8 variant already. Replace it with --replace, or write elsewhere with --out.\n",
    ]);
    const third = await run(['--replace', '--weight-bits', '7', '--max-loss', '0.5', '--json']);
    expect(third.exit).toBe(0);
    expect(linesOf(third.stdout).at(-1)).toMatchObject({
      event: 'quantized',
      weightBits: 7,
      floatLayers: [],
    });
    const onnx = (await readdir(join(models, 'photo-x2'))).filter((name) => name.includes('int8'));
    expect([onnx.length, onnx.includes(entry?.file ?? '')]).toEqual([2, false]);
  });

  it('gives an installed model its fp16 variant: each of its files in half precision', async () => {
    const root = await makePictures(['small.jpg']);
    const models = await copyModels();
    const env = { ENLARGER_MODELS: models };
    await changeManifest(models, 'photo-x2', (manifest) => ({
      ...manifest,
      variants: manifest.variants.filter(({ id }) => id === 'fp32'),
    }));
    for (const name of await readdir(join(models, 'photo-x2'))) {
      if (name.includes('fp16')) await rm(join(models, 'photo-x2', name));
    }
    const run = (...more: string[]) =>
      enlarger(['quantize', 'photo-x2', '--to', 'fp16', ...more], { cwd: root, env });
    const first = await run();
    expect([
      first.exit,
      first.stderr,
      first.stdout.match(/^✓ .+ {2}[\d.]+ [kM]B, 2\.0 times smaller, [\d.]+ dB/gm),
    ]).toEqual([
      0,
      '',
      [expect.stringMatching('photo-x2.fp16.onnx'), expect.stringMatching('photo-x2.fp16.float.onnx')],
    ]);
    const manifest = manifestSchema.parse(
      JSON.parse(await readFile(join(models, 'photo-x2', 'manifest.json'), 'utf8')),
    );
    const made = manifest.variants.find(({ id }) => id === 'fp16');
    expect(made?.fidelity).toBeGreaterThan(45);
    const half = made?.entries ?? [];
    expect(half.map(({ dtype, range, file }) => [dtype, range, file])).toEqual([
      ['uint8', [0, 255], 'photo-x2.fp16.onnx'],
      ['float32', [0, 1], 'photo-x2.fp16.float.onnx'],
    ]);
    for (const { file, sha256, bytes } of half) {
      const written = await readFile(join(models, 'photo-x2', file));
      expect([written.length, sha256Of(written)]).toEqual([bytes, sha256]);
    }
    const enhance = ['enhance', 'in', '--out', 'out', '--variant', 'fp16', '--tile', '64', '--device', 'cpu'];
    expect((await enlarger(enhance, { cwd: root, env })).exit).toBe(0);

    const second = await run();
    expect([second.exit, second.stderr]).toEqual([3, expect.stringMatching(/has an fp16 variant already/)]);
    const third = await run('--replace', '--json');
    expect([third.exit, linesOf(third.stdout).map(({ event }) => event)]).toEqual([0, ['halved', 'halved']]);
    const names = (await readdir(join(models, 'photo-x2'))).filter((name) => name.includes('fp16'));
    expect(names).toEqual([
      expect.stringMatching(/^photo-x2\.fp16-[0-9a-f]{12}\.onnx$/),
      expect.stringMatching(/^photo-x2\.fp16\.float-[0-9a-f]{12}\.onnx$/),
    ]);
  });

  it('writes a file in half precision beside it, and replaces nothing', async () => {
    const root = await makePictures([]);
    await writeFile(join(root, 'net.onnx'), compactNetwork({ width: 16, layers: 2 }));
    const args = ['quantize', 'net.onnx', '--to', 'fp16'];
    const first = await enlarger([...args, '--json'], { cwd: root });
    expect([first.exit, linesOf(first.stdout)]).toEqual([
      0,
      [expect.objectContaining({ event: 'halved', file: join(root, 'net.fp16.onnx') })],
    ]);
    const again = await enlarger(args, { cwd: root });
    expect([again.exit, again.stderr]).toEqual([
      3,
      expect.stringMatching(/net\.fp16\.onnx: is there already/),
    ]);
    const elsewhere = await enlarger([...args, '--out', 'missing/net.onnx'], { cwd: root });
    expect([elsewhere.exit, elsewhere.stderr]).toEqual([3, expect.stringMatching(/no such folder/)]);
  });

  it('writes the int8 form of a file beside it, and replaces nothing', async () => {
    const root = await withPhotos();
    await writeFile(join(root, 'net-fp32.onnx'), compactNetwork({ width: 16, layers: 2 }));
    const args = ['quantize', 'net-fp32.onnx', '--calibrate', 'photos'];
    const first = await enlarger([...args, '--json'], { cwd: root });
    const summary = linesOf(first.stdout).at(-1);
    expect([first.exit, summary]).toEqual([
      0,
      expect.objectContaining({ event: 'quantized', file: join(root, 'net.int8.onnx'), scale: 4, layers: 4 }),
    ]);
    const again = await enlarger(args, { cwd: root });
    expect([again.exit, again.stderr]).toEqual([
      3,
      `✗ ${join(root, 'net.int8.onnx')}: is there already. Remove it, or choose another --out.\n`,
    ]);
    const elsewhere = await enlarger([...args, '--out', 'missing/net.onnx'], { cwd: root });
    expect([elsewhere.exit, elsewhere.stderr]).toEqual([3, expect.stringMatching(/no such folder/)]);
  });

  it('refuses what it cannot do, in one line', async () => {
    const root = await withPhotos();
    const refusal = async (...args: string[]) => {
      const { exit, stderr } = await enlarger(['quantize', ...args], { cwd: root });
      return [exit, stderr.split('\n')[0]];
    };
    expect(await refusal('missing.onnx', '--calibrate', 'photos')).toEqual([
      3,
      `✗ ${join(root, 'missing.onnx')}: there is no such model.`,
    ]);
    expect(await refusal('photo-x9', '--calibrate', 'photos')).toEqual([
      2,
      expect.stringMatching(/^✗ There is no model 'photo-x9'/),
    ]);
    expect(await refusal('photo-x2', '--calibrate', 'photos', '--max-loss', '0')).toEqual([
      2,
      expect.stringMatching(/Expected dB above 0/),
    ]);
    expect(await refusal('photo-x2', '--out', 'x.onnx')).toEqual([
      2,
      expect.stringMatching(/required option '--calibrate <dir>'/),
    ]);
    expect(await refusal('photo-x2', '--out', 'x.onnx', '--calibrate', 'in')).toEqual([
      2,
      expect.stringMatching(/no pictures to calibrate with.+too small/),
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'that is interrupted leaves nothing (Windows has no such signals)',
    async () => {
      const root = await withPhotos();
      await mkdir(join(root, 'tmp'));
      await writeFile(join(root, 'net.onnx'), denseNetwork({ width: 48, growth: 32, blocks: 2 }));
      const before = await filesIn(root);
      const child = start(['quantize', 'net.onnx', '--calibrate', 'photos', '--json'], {
        cwd: root,
        env: { TMPDIR: join(root, 'tmp') },
      });
      const closed = once(child, 'close');
      for await (const { stage } of linesOfRunning(child.stdout)) {
        if (stage === 'calibrating') child.kill('SIGINT');
      }
      expect(await closed).toEqual([3, null]);
      expect(await filesIn(root)).toEqual(before);
    },
  );
});
