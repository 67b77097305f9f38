import { Tensor } from 'onnxruntime-node';
import { plan } from './engine-run.ts';
import { type Benchmark, type Finding, median, spread } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';
import { samplesOf, timesFaster, timesSmaller } from './sessions-in-turns.ts';

const MODELS = ['photo-x2', 'photo-x4'];
const ROUNDS = 20;
const FASTER = { bar: 2.5, aim: 3.2 };
const SMALLER = { bar: 3.5, aim: 3.9 };

/** What the int8 form of the models for clean photographs gains: the time of a tile, and the size of the file. */
export const int8Benchmark: Benchmark = {
  name: 'int8',
  async run() {
    const findings: Finding[] = [];
    for (const model of MODELS) findings.push(...(await compare(model)));
    return findings;
  },
};

async function compare(model: string): Promise<Finding[]> {
  await using folder = await temporaryFolder();
  const [fp32, int8] = [await plan(model, 'fp32'), await plan(model, 'int8')];
  const { receptiveRadius: radius, tile } = int8;
  const [width, height] = [tile.width + 2 * radius, tile.height + 2 * radius];
  const [photo] = await photographs(folder.path, 1, width, height);
  const input = new Tensor('uint8', await samplesOf(photo as string), [1, height, width, 3]);
  const forms = { fp32: fp32.shallow.file, int8: int8.shallow.file };
  const faster = await timesFaster(forms, input, ROUNDS);
  const smaller = await timesSmaller(forms);
  return [
    {
      measure: `${model}, int8 against fp32: the time of a tile in one session, in turns`,
      seen: `${spread(faster)} × faster`,
      bar: barOf(FASTER),
      met: median(faster) >= FASTER.bar,
    },
    {
      measure: `${model}, int8 against fp32: the size of the file`,
      seen: `${smaller.toFixed(2)} × smaller`,
      bar: barOf(SMALLER),
      met: smaller >= SMALLER.bar,
    },
  ];
}

const barOf = ({ bar, aim }: { bar: number; aim: number }) => `≥ ${bar} × (aim: ${aim})`;
