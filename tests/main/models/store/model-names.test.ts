import { describe, expect, it } from 'vitest';
import { idFor, titleFor } from '../../../../src/main/models/store/model-names.ts';
import { manifestSchema } from '../../../../src/shared/models.ts';

describe('idFor', () => {
  it.each([
    ['/in/RealESRGAN_x4plus.onnx', 'realesrgan-x4plus'],
    ['4x_Nomos8k (SwinIR) v2.onnx', '4x-nomos8k-swinir-v2'],
    ['Über.onnx', 'u-ber'],
    ['照片.onnx', 'model'],
    ['---.onnx', 'model'],
    ['CON.onnx', 'model-con'],
    [`${'long-'.repeat(40)}.onnx`, `${'long-'.repeat(9)}lon`],
  ])('%s', (file, id) => {
    expect(idFor(file, () => false)).toBe(id);
    expect(manifestSchema.shape.id.safeParse(id).success).toBe(true);
  });

  it('counts on where an id is taken', () => {
    const taken = new Set(['a', 'a-2']);
    expect(idFor('a.onnx', (id) => taken.has(id))).toBe('a-3');
  });
});

describe('titleFor', () => {
  it.each([
    ['/in/RealESRGAN_x4plus.onnx', 'RealESRGAN x4plus'],
    ['_.onnx', 'model'],
    ['照片.onnx', '照片'],
  ])('%s', (file, title) => expect(titleFor(file)).toBe(title));
});
