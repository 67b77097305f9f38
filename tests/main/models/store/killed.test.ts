import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ModelRegistry } from '../../../../src/main/models/model-registry.ts';
import { networkFile, openStore } from './opened-store.ts';

const PROGRAM = fileURLToPath(new URL('./adding-child.ts', import.meta.url));

/** Runs a program that adds `file` to the models in `added`, and is killed at the moment `fatal`. */
async function killedWhileAdding(file: string, added: string, fatal: string): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, file, join(added, '..'), fatal], { stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

it.each(['hash', 'examineModel', 'enhance', 'before:findings.json', 'after:manifest.json', 'before:a'])(
  'a program that is killed while it adds (%s) leaves no model, and the next one tidies up',
  { timeout: 180_000 },
  async (fatal) => {
    const { store, folders, another } = await openStore();
    const file = await networkFile('a.onnx');
    await killedWhileAdding(file, folders.added, fatal);
    const left = await readdir(folders.added);
    expect([left.length, left.every((name) => name.startsWith('.'))]).toEqual([1, true]);
    expect(await ModelRegistry.read(folders)).toMatchObject({ problems: [] });
    const { models } = await ModelRegistry.read(folders);
    expect([...models.values()].filter(({ origin }) => origin !== 'shipped')).toEqual([]);

    // Another's, which is at work, is left alone.
    const working = store.examine({ path: file });
    await another();
    await working;
    expect(await readdir(folders.added)).toEqual([]);
  },
);

it('a program that is killed once the model has its name leaves it whole, and the next one tidies up', {
  timeout: 180_000,
}, async () => {
  const { folders, another, inside } = await openStore();
  const file = await networkFile('a.onnx');
  await killedWhileAdding(file, folders.added, 'after:a');
  const store = await another();
  expect((await inside()).sort()).toEqual(['a', 'a/a.fp32.onnx', 'a/findings.json', 'a/manifest.json']);
  expect(await readFile(join(folders.added, 'a', 'a.fp32.onnx'))).toEqual(await readFile(file));
  expect((await ModelRegistry.read(folders)).get('a')).toMatchObject({ origin: 'added' });
  await expect(store.add({ path: file })).rejects.toMatchObject({ code: 'collision' });
});

it('a model that was being removed is gone', async () => {
  const { folders, another } = await openStore();
  await mkdir(join(folders.added, '.removing-1', 'sub'), { recursive: true });
  await another();
  expect(await readdir(folders.added)).toEqual([]);
});
