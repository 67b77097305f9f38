import { GraphWriter } from './graph-writer.ts';

/** Enlarged so that corner pixels stay in the corners: pixels lie elsewhere in inputs of another size, and in another place. */
export function alignedCorners(scale = 2): Buffer {
  const net = new GraphWriter();
  const scales = net.floats([1, 1, scale, scale]);
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'align_corners' };
  net.add('Resize', ['input', '', scales], attributes, 'output');
  return net.file();
}
