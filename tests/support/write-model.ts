import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, manifestSchema } from '../../src/shared/models.ts';

/** Writes a model into a folder of its own below `folder`: weights by variant and dtype, and the manifest. */
export async function writeModel(
  folder: string,
  manifest: { id: string } & Partial<ModelManifest>,
  weights: readonly {
    variant?: 'fp32' | 'int8';
    onnx: Buffer;
    dtype: 'uint8' | 'float32';
    range?: [number, number];
  }[],
): Promise<void> {
  const own = join(folder, manifest.id);
  await mkdir(own, { recursive: true });
  const variants = new Map<string, unknown[]>();
  for (const [index, { variant = 'fp32', onnx, dtype, range }] of weights.entries()) {
    const file = `${index}.onnx`;
    await writeFile(join(own, file), onnx);
    const sha256 = createHash('sha256').update(onnx).digest('hex');
    const usual = dtype === 'uint8' ? [0, 255] : [0, 1];
    const entry = { dtype, range: range ?? usual, file, sha256, bytes: onnx.length };
    variants.set(variant, [...(variants.get(variant) ?? []), entry]);
  }
  const whole = manifestSchema.parse({
    ...{ formatVersion: 1, title: 'Foreign', description: '', task: 'upscale', scale: 1, receptiveRadius: 0 },
    ...{ padding: 'same', licence: 'MIT', source: 'a test', layout: 'NCHW', channelOrder: 'RGB' },
    ...{ tile: { cpu: [32, 32] }, parameters: 1 },
    ...manifest,
    variants: [...variants].map(([id, entries]) => ({ id, entries })),
  });
  await writeFile(join(own, 'manifest.json'), JSON.stringify(whole));
}
