import { readFile, stat } from 'node:fs/promises';
import type { Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { openSession } from '../src/engine/quantisation/session.ts';
import { alternating, ratios, timed } from './harness.ts';

/** The files of one network in float and in eight bits. */
interface Forms {
  fp32: string;
  int8: string;
}

/** How many times faster int8 is than fp32, in each of `rounds`: one session of one thread each, in turns. */
export async function timesFaster({ fp32, int8 }: Forms, input: Tensor, rounds: number): Promise<number[]> {
  await using float = await openSession(await readFile(fp32), fp32, { threads: 1 });
  await using integer = await openSession(await readFile(int8), int8, { threads: 1 });
  const runs = [float, integer].map((session) => async () => {
    const outputs = await session.run({ [session.inputNames[0] as string]: input });
    for (const output of Object.values(outputs)) output.dispose();
  });
  const [inFloat, inIntegers] = runs as [() => Promise<void>, () => Promise<void>];
  // The first run of each sets its memory up.
  await inFloat();
  await inIntegers();
  const { a, b } = await alternating(
    rounds,
    () => timed(inFloat),
    () => timed(inIntegers),
  );
  return ratios(a, b);
}

/** How many times smaller the file is in eight bits. */
export async function timesSmaller({ fp32, int8 }: Forms): Promise<number> {
  return (await stat(fp32)).size / (await stat(int8)).size;
}

/** The samples of a picture file: RGB, interleaved. */
export const samplesOf = (file: string): Promise<Buffer> => sharp(file).removeAlpha().raw().toBuffer();
