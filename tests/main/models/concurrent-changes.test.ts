import { spawnSync } from 'node:child_process';
import { access, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { thisProcess } from '../../../src/main/jobs/process-identity.ts';
import { ModelRegistry, type RegisteredModel } from '../../../src/main/models/model-registry.ts';
import { addVariant, type Variant } from '../../../src/main/models/quantising/quantise-variant.ts';
import { editManifest } from '../../../src/main/models/store/edit-manifest.ts';
import { lockManifest } from '../../../src/main/models/store/manifest-lock.ts';
import type { ModelStore } from '../../../src/main/models/store/model-store.ts';
import { addedCopy, networkFile, openStore } from './store/opened-store.ts';
import { delaying, noEngines } from './watched-host.ts';

/** Engines are started and networks examined. */
const LONG = 120_000;

/** A model `a`, and a store that tries it; `meanwhile` is done by another while that one is about to begin. */
async function withTrial(meanwhile: (other: ModelStore, model: RegisteredModel) => Promise<unknown>) {
  const opened = await openStore();
  const { another, folders } = opened;
  const other = await another();
  const model = await other.add({ path: await networkFile('a.onnx') });
  const host = delaying('enhance', () => meanwhile(other, model));
  const now = async () => (await ModelRegistry.read(folders)).get('a').manifest;
  return { ...opened, store: await another({ host }), other, model, now };
}

/** The same weights as another variant, whose file lies in the folder. */
async function half({ folder, manifest }: RegisteredModel): Promise<Variant> {
  const [entry] = manifest.variants[0]?.entries ?? [];
  if (!entry) throw new Error('The model has no entry.');
  await copyFile(join(folder, entry.file), join(folder, 'a.fp16.onnx'));
  return { id: 'fp16', entries: [{ ...entry, file: 'a.fp16.onnx' }] };
}

describe('while a change is tried', () => {
  it('a variant and words that another adds are kept', { timeout: LONG }, async () => {
    const { store, now } = await withTrial(async (other, model) => {
      await addVariant(model, await half(model)).catch(ifThere);
      await other.change('a', { title: 'Other' });
    });
    const changed = await store.change('a', { channelOrder: 'BGR' });
    expect(changed.manifest).toMatchObject({ channelOrder: 'BGR', title: 'Other' });
    expect(changed.manifest.variants.map(({ id }) => id)).toEqual(['fp32', 'fp16']);
    expect(await now()).toEqual(changed.manifest);
  });

  it('another change of how it is run goes first', { timeout: LONG }, async () => {
    const { store, now } = await withTrial((other) => other.change('a', { receptiveRadius: 9 }));
    await expect(store.change('a', { channelOrder: 'BGR' })).rejects.toMatchObject({ code: 'in-use' });
    expect(await now()).toMatchObject({ receptiveRadius: 9, channelOrder: 'RGB' });
  });

  it('a model that is removed stays so', { timeout: LONG }, async () => {
    const { store, inside } = await withTrial((other) => other.remove('a').catch(() => {}));
    await expect(store.change('a', { channelOrder: 'BGR' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await inside()).toEqual([]);
  });
});

describe('a new variant', () => {
  it('is refused where the model is run otherwise by now, or has such a variant', async () => {
    const { store, folders } = await openStore({ host: noEngines });
    const folder = await addedCopy(folders.added);
    const file = join(folder, 'manifest.json');
    const shipped = JSON.parse(await readFile(file, 'utf8'));
    const variants = shipped.variants.filter(({ id }: Variant) => id === 'fp32');
    await writeFile(file, JSON.stringify({ ...shipped, id: 'mine', variants }));
    const model = (await ModelRegistry.read(folders)).get('mine');
    const variant = { id: 'fp16' as const, entries: model.manifest.variants[0]?.entries ?? [] };
    await store.change('mine', { title: 'Words' });
    await addVariant(model, variant);
    await expect(addVariant(model, variant)).rejects.toMatchObject({ code: 'in-use' });
    const otherwise = { ...model, manifest: { ...model.manifest, receptiveRadius: 3 } };
    await expect(addVariant(otherwise, variant)).rejects.toMatchObject({ code: 'in-use' });
    const { manifest } = (await ModelRegistry.read(folders)).get('mine');
    expect([manifest.title, manifest.variants.map(({ id }) => id)]).toEqual(['Words', ['fp32', 'fp16']]);
  });
});

describe('the lock of a manifest', () => {
  async function registered() {
    const { folders } = await openStore({ host: noEngines });
    const folder = await addedCopy(folders.added);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    return { folder, model: { folder, manifest: { ...manifest, id: 'mine' } } };
  }

  it('lets one change after the other through', async () => {
    const { folder, model } = await registered();
    const held = await lockManifest(folder, 'mine');
    const edits = ['A', 'B', 'C'].map((letter) =>
      editManifest(model, (now) => ({ ...now, source: `${now.source}${letter}` })),
    );
    await held[Symbol.asyncDispose]();
    await Promise.all(edits);
    const { source } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    const added = source.slice(model.manifest.source.length);
    expect([...added].sort()).toEqual(['A', 'B', 'C']);
    await expect(access(join(folder, 'manifest.lock'))).rejects.toThrow(/ENOENT/);
  });

  it('is taken from a process that is dead', async () => {
    const { folder, model } = await registered();
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeFile(join(folder, 'manifest.lock'), JSON.stringify({ ...thisProcess(), pid, started: '1' }));
    expect(await editManifest(model, (now) => ({ ...now, title: 'Mine' }))).toMatchObject({ title: 'Mine' });
  });
});

/** There are two pictures in a trial. */
function ifThere(error: { code?: string }): void {
  if (error.code !== 'in-use') throw error;
}
