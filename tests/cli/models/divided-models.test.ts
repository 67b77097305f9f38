import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { compactNetwork } from '../../engine/quantisation/networks.ts';
import { shiftNetwork } from '../../support/foreign-networks.ts';
import { divided, writeDivided } from '../../support/networks/divided.ts';
import { writeModel } from '../../support/write-model.ts';
import { enlarger, filesIn, linesOf, makePictures, sha256Of } from '../support.ts';

/** Several programs, most of them with an engine: more than a busy machine does in the usual time. */
const LONG = 240_000;

async function place() {
  const root = await makePictures(['a.png']);
  const home = join(root, 'home');
  const run = (...args: string[]) => enlarger(args, { cwd: root, env: { ENLARGER_HOME: home } });
  return { root, models: join(home, 'models'), run };
}

it('a network whose weights lie beside it is added as one file, and enlarges', {
  timeout: LONG,
}, async () => {
  const { root, models, run } = await place();
  const whole = compactNetwork({ width: 4, layers: 1, scale: 3 });
  await writeDivided(
    root,
    divided(whole, () => 'Mine.onnx.data'),
    'Mine.onnx',
  );
  await rename(join(root, 'Mine.onnx.data'), join(root, 'elsewhere'));
  const alone = await run('models', 'add', './Mine.onnx');
  expect([alone.exit, alone.stderr]).toEqual([
    3,
    '✗ ./Mine.onnx: this is not a model that Enlarger can use (its weights lie in "Mine.onnx.data", which is not beside it). Put Mine.onnx.data beside Mine.onnx and add it again.\n',
  ]);
  await rename(join(root, 'elsewhere'), join(root, 'Mine.onnx.data'));
  const added = await run('models', 'add', 'Mine.onnx');
  expect([added.exit, added.stderr]).toEqual([0, '']);
  expect(added.stdout).toMatch(/^ {2}The weights lie in a file beside the network: .+ as one file\.$/m);
  expect(await filesIn(models)).toEqual([
    ...['mine/findings.json', 'mine/manifest.json', 'mine/mine.fp32.onnx'],
  ]);
  expect(sha256Of(await readFile(join(models, 'mine', 'mine.fp32.onnx')))).toBe(sha256Of(whole));
  const made = await run('enhance', 'in', '--out', 'out', '--model', 'mine', '--tile', '64');
  expect([made.exit, made.stderr]).toEqual([0, expect.not.stringMatching(/✗/)]);
  const { width, height } = await sharp(join(root, 'out', 'a-x3.png')).metadata();
  expect([width, height]).toEqual([3 * 37, 3 * 29]);
});

it('a model that lies in several files is not used where it was put by hand', { timeout: LONG }, async () => {
  const { root, models, run } = await place();
  const { onnx, files } = divided(shiftNetwork({ radius: 1 }), () => '0.onnx.data');
  await writeModel(models, { id: 'by-hand', receptiveRadius: 1 }, [{ onnx, dtype: 'float32' }]);
  for (const [name, bytes] of files) await writeFile(join(models, 'by-hand', name), bytes);
  const { exit, stdout } = await run(
    ...['enhance', 'in', '--out', 'out', '--model', 'by-hand', '--tile', '64', '--json'],
  );
  expect(exit).toBe(3);
  const message = expect.stringMatching(
    /0\.onnx: this is not a model that Enlarger can use \(weights lie in another file, and they must be in the model itself: "enlarger models add" puts them there\)/,
  );
  expect(linesOf(stdout)).toContainEqual(
    expect.objectContaining({ error: expect.objectContaining({ message }) }),
  );
  expect(await filesIn(join(root, 'out'))).toEqual([]);
});
