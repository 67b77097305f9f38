import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/pictures.ts';
import { smallNetwork } from './small-network.ts';

interface Answer {
  tried?: { psnr: number; worst: number; whole: boolean };
  /** Results of two workers at once, by the names of their sessions. */
  equal?: boolean;
  missing?: string;
}

/** In a process of its own: drivers may crash. */
async function askProcess(): Promise<Answer> {
  const folder = await temporaryFolder();
  const file = join(folder, 'small.onnx');
  await writeFile(file, smallNetwork());
  const script = new URL('./fixtures/webgpu-process.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, file]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Answer;
}

it('WebGPU computes what the processor does, for all workers', async ({ skip }) => {
  const { tried, equal, missing } = await askProcess();
  skip(missing !== undefined, `WebGPU does not work here: ${missing}`);
  expect(tried).toMatchObject({ whole: true });
  expect(tried?.worst).toBeLessThanOrEqual(1);
  expect(equal).toBe(true);
});
