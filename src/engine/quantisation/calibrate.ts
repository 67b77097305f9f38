import { EnlargerError } from '../../shared/errors.ts';
import { ValueHistogram } from './histogram.ts';
import type { Network } from './network.ts';
import { newNode, newOutput, type OnnxModel, type OnnxNode, writeModel } from './onnx-model.ts';
import { feedsOf, type PictureShape, type Raster } from './picture-network.ts';
import { openSession, runSession } from './session.ts';
import type { Range } from './steps.ts';

/** Bytes of activations that are held at once. */
const LARGEST_GROUP = 256e6;

export interface Calibration {
  network: Network;
  /** The tensors whose values are counted. */
  tensors: readonly string[];
  pictures: readonly Raster[];
  shape: PictureShape;
  /** The file of the network, for messages. */
  file: string;
  threads: number;
  onRun(done: number, total: number): void;
}

/**
 * Runs the network on the pictures and counts which values each tensor takes: first how far they reach, then how often they
 * occur in between, of some tensors at a time, so that memory stays bounded. Throws `model-invalid` where they are no numbers.
 */
export async function calibrate(calibration: Calibration): Promise<Map<string, ValueHistogram>> {
  const { pictures, onRun } = calibration;
  let done = 0;
  let total = 2 * pictures.length;
  const onPicture = () => onRun(++done, total);
  const extents = await measureExtents(calibration, onPicture);
  const groups = grouped(extents);
  total = (1 + groups.length) * pictures.length;
  const histograms = new Map<string, ValueHistogram>();
  for (const group of groups) {
    for (const [name, { range }] of group) histograms.set(name, new ValueHistogram(range));
    await countValues(calibration, new Map(group.map(([name]) => [name, histograms.get(name)])), onPicture);
  }
  return histograms;
}

interface Extent {
  range: Range;
  /** Of the largest picture. */
  bytes: number;
}

/** The network finds extremes by itself, so that not one activation has to leave it. */
async function measureExtents(calibration: Calibration, onPicture: () => void): Promise<Map<string, Extent>> {
  const { network, tensors, pictures, shape, file, threads } = calibration;
  const asked = tensors.flatMap((name) => [
    newNode('ReduceMin', [name], [`${name}/least`], { keepdims: 0n }),
    newNode('ReduceMax', [name], [`${name}/most`], { keepdims: 0n }),
    newNode('Size', [name], [`${name}/size`]),
  ]);
  const model = observed(
    network.model,
    asked,
    asked.flatMap(({ output }) => output),
  );
  await using session = await openSession(writeModel(model), file, { threads });
  const extents = new Map<string, Extent>();
  for (const [index, picture] of pictures.entries()) {
    const feeds = feedsOf(session, picture, shape, strengthOf(shape, index));
    const outputs = await runSession(session, feeds, file);
    for (const name of tensors) {
      const [least, most, size] = ['least', 'most', 'size'].map((what) => {
        const values = outputs[`${name}/${what}`]?.data;
        return Number((values as ArrayLike<number | bigint>)[0]);
      }) as [number, number, number];
      if (!Number.isFinite(least) || !Number.isFinite(most)) throw notFinite(file, name);
      const {
        range: [low, high],
        bytes,
      } = extents.get(name) ?? { range: [least, most], bytes: 0 };
      extents.set(name, {
        range: [Math.min(low, least), Math.max(high, most)],
        bytes: Math.max(bytes, size * Float32Array.BYTES_PER_ELEMENT),
      });
    }
    onPicture();
  }
  return extents;
}

async function countValues(
  { network, pictures, shape, file, threads }: Calibration,
  histograms: ReadonlyMap<string, ValueHistogram | undefined>,
  onPicture: () => void,
): Promise<void> {
  const model = observed(network.model, [], [...histograms.keys()]);
  await using session = await openSession(writeModel(model), file, { threads });
  for (const [index, picture] of pictures.entries()) {
    const feeds = feedsOf(session, picture, shape, strengthOf(shape, index));
    const outputs = await runSession(session, feeds, file);
    for (const [name, histogram] of histograms) histogram?.add(outputs[name]?.data as Float32Array);
    onPicture();
  }
}

/** The strength that a picture is calibrated with: what it is as a rule, not at all, and full, in turns. */
function strengthOf({ network, strength }: PictureShape, index: number): number | undefined {
  const usual = strength ?? network?.strength?.default;
  return usual === undefined ? undefined : [usual, 0, 1][index % 3];
}

/** `model` with more nodes, and with outputs of these names, beside its own. */
function observed(model: OnnxModel, nodes: readonly OnnxNode[], names: readonly string[]): OnnxModel {
  const { graph } = model;
  const there = new Set(graph.output.map(({ name }) => name));
  const added = names.filter((name) => !there.has(name)).map(newOutput);
  return {
    ...model,
    graph: { ...graph, node: [...graph.node, ...nodes], output: [...graph.output, ...added] },
  };
}

function grouped(extents: ReadonlyMap<string, Extent>): [string, Extent][][] {
  const groups: [string, Extent][][] = [];
  let room = 0;
  for (const entry of extents) {
    const { bytes } = entry[1];
    if (bytes > room || groups.length === 0) {
      groups.push([]);
      room = LARGEST_GROUP;
    }
    groups.at(-1)?.push(entry);
    room -= bytes;
  }
  return groups;
}

function notFinite(file: string, tensor: string): EnlargerError {
  const message = `${file}: ${tensor} takes values that are no numbers, so that nothing can be measured.`;
  return new EnlargerError('model-invalid', message, { file });
}
