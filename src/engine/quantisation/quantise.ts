import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestInput, RequestOutput } from '../../shared/engine-protocol.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { calibrate } from './calibrate.ts';
import { type Candidate, Candidates, type Quality } from './candidates.ts';
import { compareSpeed } from './compare-speed.ts';
import { findLayers, type Layer } from './layers.ts';
import { Network } from './network.ts';
import { readModel } from './onnx-model.ts';
import { openShaped } from './open-shaped.ts';
import { safeWeightBits } from './product-width.ts';
import { planQuantisation } from './quantisation-plan.ts';
import { readSamples, type Samples, sampleScratch } from './samples.ts';
import { Search } from './search.ts';
import { openSession } from './session.ts';
import { upgradeOpset } from './upgrade-opset.ts';
import { writeFlushed } from './write-flushed.ts';

type Work = RequestInput<'quantise'>;
export type QuantiseReport = RequestOutput<'quantise'>;

/** Where the work stands, in the order in which it is done. */
type QuantiseStage = 'decoding' | 'enhancing' | 'encoding' | 'verifying';
export type OnQuantiseProgress = (stage: QuantiseStage, done: number, total: number) => void;

/** Below this many dB between the results of both, `auto` would not trust the quantised form anywhere. */
const LOWEST_FIDELITY = 35;

/**
 * Shares of the allowed loss that are aimed at: what is chosen by some samples may lose more on others, and then less is
 * aimed at.
 */
const AIMS = [0.8, 0.5, 0.25];

/**
 * Writes the int8 form of a model to `work.temporary`, flushed. Throws `verify-failed` if it loses more than is allowed, and
 * typed errors that name the model or the picture that cannot be used.
 */
export async function quantise(
  work: Work,
  scratch: string,
  onProgress: OnQuantiseProgress,
): Promise<QuantiseReport> {
  const { model: file, pictures, threads } = work;
  const { bytes, shape } = await openShaped(work, scratch);
  const network = await openNetwork(bytes, { file, threads, scratch });
  const layers = findLayers(network);
  if (!layers.some(({ integer }) => integer)) throw nothingToDo(file);
  const onSample = (done: number, total: number) => onProgress('decoding', done, total);
  const samples = await readSamples(pictures, { shape, scratch: sampleScratch(scratch), onSample });
  const plan = planQuantisation(network, layers, { between: true, floatLayers: new Set() });
  const histograms = await calibrate({
    network,
    tensors: [...new Set([...plan.whole, ...plan.rounded])],
    pictures: samples.calibrate.map(({ low }) => low),
    shape,
    file,
    threads,
    onRun: (done, total) => onProgress('enhancing', done, total),
  });
  const weightBits = work.weightBits === 'auto' ? await safeWeightBits() : work.weightBits;
  const candidates = new Candidates({ network, layers, histograms, shape, file, weightBits, threads });
  const found = await findGood(work, { bytes, candidates, layers, samples }, onProgress);
  const speed = await compareSpeed(
    { reference: bytes, candidate: found.model },
    (samples.check[0] as Samples['check'][number]).low,
    { shape, file },
  );
  await writeFlushed(work.temporary, found.model);
  const { dtype, range, scale, radius, network: { layout = 'NHWC' } = {} } = shape;
  return {
    ...found.figures,
    layout,
    dtype,
    ...(range ? { range } : {}),
    scale,
    radius,
    bytes: found.model.length,
    sha256: createHash('sha256').update(found.model).digest('hex'),
    modelBytes: bytes.length,
    weightBits,
    ranges: String(found.candidate.method),
    sumsInFloat: !found.candidate.between,
    layers: layers.length,
    floatLayers: [...found.candidate.floatLayers],
    milliseconds: speed,
    problems: samples.problems.map((problem) => problem.toJSON()),
  };
}

/** The candidate that passes on samples that have not been used before. */
async function findGood(
  { model: file, maxLoss }: Work,
  parts: { bytes: Uint8Array; candidates: Candidates; layers: readonly Layer[]; samples: Samples },
  onProgress: OnQuantiseProgress,
): Promise<{ candidate: Candidate; model: Uint8Array; figures: Figures }> {
  const { bytes, candidates, layers, samples } = parts;
  const reference = await candidates.addReference(samples.select, bytes);
  const psnr = await candidates.addReference(samples.check, bytes);
  const onTrial = (done: number, total: number) => onProgress('encoding', done, total);
  const search = new Search({ candidates, layers, samples: samples.select, reference, onTrial });
  let last: Figures | undefined;
  for (const [index, aim] of AIMS.entries()) {
    const candidate = await search.find(aim * maxLoss);
    const model = candidates.make(candidate);
    last = figuresOf(psnr, await candidates.measure(samples.check, model));
    onProgress('verifying', index + 1, AIMS.length);
    if (last.loss <= maxLoss && last.fidelity >= LOWEST_FIDELITY) return { candidate, model, figures: last };
  }
  throw tooLossy(file, maxLoss, last as Figures);
}

type Figures = Pick<QuantiseReport, 'psnr' | 'loss' | 'fidelity'>;

function figuresOf(fp32: number, { toTruth, toReference }: Quality): Figures {
  return { psnr: { fp32, int8: toTruth }, loss: fp32 - toTruth, fidelity: toReference };
}

/** The network as ONNX Runtime simplifies it. */
async function openNetwork(
  bytes: Uint8Array,
  { file, threads, scratch }: { file: string; threads: number; scratch: string },
): Promise<Network> {
  const folded = join(scratch, 'folded.onnx');
  try {
    await using _ = await openSession(bytes, file, { threads, folded });
    const model = readModel(await readFile(folded));
    // What a graph within a graph reads is nowhere said outside.
    if (model.graph.node.some(({ attribute }) => attribute.some(({ g }) => g))) {
      const why = 'it has branches or loops';
      throw new EnlargerError('model-invalid', `${file}: this model cannot be quantised (${why}).`, { file });
    }
    upgradeOpset(model, file);
    return new Network(model);
  } finally {
    await rm(folded, { force: true });
  }
}

function nothingToDo(file: string): EnlargerError {
  const why = 'it has no convolution or product with constant weights in float32';
  return new EnlargerError('model-invalid', `${file}: this model cannot be quantised (${why}).`, { file });
}

function tooLossy(file: string, maxLoss: number, { loss, fidelity }: Figures): EnlargerError {
  const far = fidelity < LOWEST_FIDELITY;
  const found = far
    ? `its results in int8 are only ${fidelity.toFixed(1)} dB close to those in float`
    : `it loses ${loss.toFixed(3)} dB in int8, and ${maxLoss} are allowed`;
  const advice = far ? 'Keep it in float' : 'Allow more with --max-loss, or keep it in float';
  return new EnlargerError('verify-failed', `${file}: ${found}. ${advice}.`, { file });
}
