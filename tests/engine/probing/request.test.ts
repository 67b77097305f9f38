import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { examineOnThread } from '../../../src/engine/probing/probing-thread.ts';
import { trimOf } from '../../../src/shared/network-geometry.ts';
import { startEngine } from '../../support/engine.ts';
import { shippedEntries } from '../../support/models.ts';
import { shrinking } from '../../support/networks/sizes.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** Probing gives way to everything else on the machine. */
const PATIENCE = 180_000;

it(
  'the engine examines a model on request, and says what is wrong with another',
  async () => {
    const folder = await temporaryFolder();
    const { engine } = await startEngine(folder);
    const [good, bad] = [join(folder, 'good.onnx'), join(folder, 'bad.onnx')];
    await writeFile(good, shrinking());
    await writeFile(bad, 'Not a model.');
    const temporary = join(folder, 'converted.part');
    const answers = await Promise.allSettled(
      [good, bad].map((file) => engine.request('examineModel', { file, temporary })),
    );
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: { scale: 2, layout: 'NCHW', range: [0, 1] } },
      { status: 'rejected', reason: { code: 'model-invalid', file: bad } },
    ]);
  },
  PATIENCE,
);

it('who waits too long is told so, and the thread ends by itself', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'slow.onnx');
  await writeFile(file, shrinking());
  const asked = examineOnThread({ file, temporary: join(folder, 'converted.part') }, 1);
  await expect(asked).rejects.toMatchObject({ code: 'model-invalid', file });
  await expect(asked).rejects.toThrow(/takes too long/);
});

it.each(shippedEntries.filter(({ spec }) => spec.variant === 'fp32'))(
  'what is found of $name is what its manifest says',
  async (entry) => {
    const { spec, scale, radius, network } = entry;
    const folder = await temporaryFolder();
    const found = await examineOnThread({ file: spec.file, temporary: join(folder, 'converted.part') });
    const multiple = network?.multiple ?? 1;
    expect(found).toMatchObject({
      scale,
      multiple,
      exact: true,
      layout: 'NHWC',
      dtype: spec.dtype,
      range: spec.dtype === 'uint8' ? [0, 255] : [0, 1],
    });
    expect(trimOf(found)).toBe(radius * scale);
    // What works on squares of pixels feels the far side of the last one, which an input of whole squares has anyway.
    expect(found.receptiveRadius).toBeGreaterThanOrEqual(radius);
    expect(found.receptiveRadius).toBeLessThan(radius + multiple);
  },
  PATIENCE,
);
