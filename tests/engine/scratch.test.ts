import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareScratch } from '../../src/engine/scratch.ts';
import { engineScratch } from '../../src/shared/engine-protocol.ts';
import { startEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/pictures.ts';

/** The id of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid as number;
}

async function leave(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'frame-0.v'), 'pixels');
}

it('an engine removes what dead engines have left, and nothing else', async () => {
  const folder = await temporaryFolder();
  const dead = `engine-${await endedProcess()}`;
  const alive = `engine-${process.ppid}`;
  const scratch = join(folder, 'scratch');
  for (const name of [dead, alive, 'engine-room', 'photos']) await leave(scratch, name);
  await startEngine(folder);
  const own = `engine-${process.pid}`;
  expect((await readdir(scratch)).sort()).toEqual([alive, 'engine-room', own, 'photos'].sort());
  expect(await readdir(join(scratch, alive))).toEqual(['frame-0.v']);
});

it('the folder of an engine is made with all above it, and is empty', async () => {
  const folder = join(await temporaryFolder(), 'new', 'scratch');
  const own = engineScratch(folder, process.pid);
  await prepareScratch(folder, own);
  expect(await readdir(folder)).toEqual([`engine-${process.pid}`]);
  await leave(folder, `engine-${process.pid}`);
  await prepareScratch(folder, own);
  expect(await readdir(own)).toEqual([]);
});
