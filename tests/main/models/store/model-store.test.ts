import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelRegistry } from '../../../../src/main/models/model-registry.ts';
import { keptFindings } from '../../../../src/main/models/store/kept-findings.ts';
import { manifestSchema } from '../../../../src/shared/models.ts';
import { temporaryFolder } from '../../../support/pictures.ts';
import { newBatch } from '../../jobs/made-up-jobs.ts';
import { aroundStart, noEngines } from '../watched-host.ts';
import { addedCopy, networkFile, openStore } from './opened-store.ts';

const manifestIn = async (folder: string) =>
  manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));

describe('examining', () => {
  it('says what a file is and would become, and leaves nothing behind', async () => {
    const { store, inside } = await openStore();
    const file = await networkFile('Compact_x2.onnx');
    const { findings, manifest } = await store.examine({ path: file });
    expect(findings).toMatchObject({ scale: 2, layout: 'NCHW', channels: 3, dtype: 'float32' });
    expect(manifest).toMatchObject({
      ...{ id: 'compact-x2', title: 'Compact x2', licence: 'unknown', source: 'Compact_x2.onnx', scale: 2 },
      variants: [
        { id: 'fp32', entries: [{ file: 'compact-x2.fp32.onnx', dtype: 'float32', range: [0, 1] }] },
      ],
    });
    expect(await inside()).toEqual([]);
  });

  it.each([
    ['is no model', async (file: string) => writeFile(file, 'not a model'), 'model-invalid'],
    ['is not there', async (file: string) => rm(file), 'not-found'],
  ] as const)('names a file that %s as its user knows it', async (_, spoil, code) => {
    const { store, inside } = await openStore();
    const path = await networkFile('a.onnx');
    await spoil(path);
    const refusal = { code, file: 'mine.onnx', message: expect.stringMatching(/^(?!.*adding-).*mine\.onnx/) };
    await expect(store.examine({ path, name: 'mine.onnx' })).rejects.toMatchObject(refusal);
    await expect(store.add({ path, name: 'mine.onnx' })).rejects.toMatchObject(refusal);
    expect(await inside()).toEqual([]);
  });

  it('refuses a folder', async () => {
    const { store } = await openStore();
    const path = await temporaryFolder();
    await expect(store.examine({ path })).rejects.toMatchObject({ code: 'bad-argument', file: path });
  });
});

describe('adding', () => {
  it('makes a model that is whole, with what was said of it', async () => {
    const { store, folders, inside } = await openStore();
    const file = await networkFile('Compact_x2.onnx');
    const { findings } = await store.examine({ path: file });
    const change = { title: 'Mine', licence: 'MIT', tile: [64, 96] as [number, number] };
    const model = await store.add({ path: file }, { id: 'mine', answers: { range: '0..255' }, change });
    const folder = join(folders.added, 'mine');
    expect(model).toMatchObject({ folder, origin: 'added' });
    expect(await manifestIn(folder)).toEqual(model.manifest);
    expect(await keptFindings(folder)).toEqual(findings);
    expect(model.manifest).toMatchObject({
      ...{ id: 'mine', title: 'Mine', licence: 'MIT', source: 'Compact_x2.onnx', tile: { cpu: [64, 96] } },
      variants: [{ entries: [{ range: [0, 255] }] }],
    });
    expect((await inside()).sort()).toEqual(
      ['mine', 'mine/findings.json', 'mine/manifest.json', 'mine/mine.fp32.onnx'].sort(),
    );
    expect(await readFile(join(folder, 'mine.fp32.onnx'))).toEqual(await readFile(file));
    expect((await ModelRegistry.read(folders)).get('mine')).toEqual(model);
  });

  it('says which model the same bytes are already, under whichever name', async () => {
    const { store, inside } = await openStore();
    const path = await networkFile('a.onnx');
    await store.add({ path });
    const before = await inside();
    const again = store.add({ path, name: 'b.onnx' });
    await expect(again).rejects.toMatchObject({
      code: 'collision',
      message: "b.onnx: is here already, as the model 'a'.",
    });
    await expect(store.examine({ path })).rejects.toMatchObject({ code: 'collision' });
    expect(await inside()).toEqual(before);
  });

  it('gives two files of one name two ids, from two processes at once, too', async () => {
    const { store, another, folders, inside } = await openStore();
    const files = await Promise.all([4, 5].map((width) => networkFile('Same.onnx', { width })));
    const stores = [store, await another()];
    const models = await Promise.all(stores.map((one, index) => one.add({ path: files[index] ?? '' })));
    expect(models.map(({ manifest }) => manifest.id).sort()).toEqual(['same', 'same-2']);
    for (const { manifest, folder } of models) {
      expect([basename(folder), manifest.variants[0]?.entries[0]?.file]).toEqual([
        manifest.id,
        `${manifest.id}.fp32.onnx`,
      ]);
    }
    expect((await ModelRegistry.read(folders)).problems).toEqual([]);
    expect((await inside()).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('takes no id that there is: of a model that ships, of an added one, of one that is broken', async () => {
    const { store, folders, inside } = await openStore();
    await writeFile(join(await addedCopy(folders.added, 'broken'), 'manifest.json'), '{}');
    const before = await inside();
    const path = await networkFile('Photo_X2.onnx');
    for (const id of ['photo-x2', 'broken']) {
      await expect(store.add({ path }, { id })).rejects.toMatchObject({
        code: 'collision',
        message: `There is a model '${id}' already. Choose another id.`,
      });
    }
    expect(await inside()).toEqual(before);
    expect((await store.add({ path })).manifest.id).toBe('photo-x2-2');
  });

  it('refuses what is said of it and is not so, and leaves nothing behind', async () => {
    const { store, inside } = await openStore();
    const path = await networkFile('a.onnx');
    await expect(store.add({ path }, { answers: { weather: 'fine' } })).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(/^'weather' is not asked of this model, but: /),
    });
    await expect(store.add({ path }, { change: { strength: 0.5 } })).rejects.toMatchObject({
      code: 'bad-argument',
      message: "'strength' cannot be set: the network has none.",
    });
    await expect(store.add({ path }, { change: { scale: 4 } })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/^(?!.*adding-).*a\.onnx: The network's output/),
    });
    expect(await inside()).toEqual([]);
  });

  it('ends with its signal, and leaves nothing behind', async () => {
    const abort = new AbortController();
    const host = aroundStart(() => abort.abort());
    const { store, inside } = await openStore({ host });
    const path = await networkFile('a.onnx');
    await expect(store.add({ path }, {}, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
    await expect(store.examine({ path }, abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await inside()).toEqual([]);
  });

  it('blames a model that an engine crashes over, and leaves nothing behind', async () => {
    const host = aroundStart(({ kill }) => kill(), 'examineModel');
    const { store, inside } = await openStore({ host });
    const path = await networkFile('a.onnx');
    await expect(store.add({ path, name: 'a.onnx' })).rejects.toMatchObject({
      code: 'engine-died',
      message: 'a.onnx: the engine crashed over this model. Choose another model.',
    });
    expect(await inside()).toEqual([]);
  });

  it('gives up a model that takes too long', async () => {
    const { store, inside } = await openStore({ limit: 1 });
    const path = await networkFile('a.onnx');
    await expect(store.add({ path, name: 'a.onnx' })).rejects.toMatchObject({ code: 'deadline-exceeded' });
    expect(await inside()).toEqual([]);
  });
});

describe('changing', () => {
  it('writes what people read at once', async () => {
    const { store, folders } = await openStore({ host: noEngines });
    const folder = await addedCopy(folders.added, 'photo-mine');
    const manifest = { ...(await manifestIn(folder)), id: 'photo-mine' };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    const changed = await store.change('photo-mine', { title: 'Mine', licence: 'CC0-1.0' });
    expect(changed.manifest).toEqual({ ...manifest, title: 'Mine', licence: 'CC0-1.0' });
    expect(await manifestIn(folder)).toEqual(changed.manifest);
  });

  it('tries what says how it is run: what does not work is refused with the reason, and all stays', async () => {
    const { store, folders, inside } = await openStore();
    const { folder, manifest } = await store.add({ path: await networkFile('a.onnx') });
    const before = await inside();
    for (const wrong of [
      { scale: 4 },
      { layout: 'NHWC' },
      { receptiveRadius: 2, padding: 'valid' },
    ] as const) {
      await expect(store.change('a', wrong)).rejects.toMatchObject({
        message: expect.stringMatching(/^a: /),
      });
    }
    expect([await manifestIn(folder), await inside()]).toEqual([manifest, before]);
    const changed = await store.change('a', { range: [0, 255], receptiveRadius: 8, channelOrder: 'BGR' });
    expect(changed.manifest).toMatchObject({ receptiveRadius: 8, channelOrder: 'BGR' });
    expect(changed.manifest.variants[0]?.entries[0]?.range).toEqual([0, 255]);
    expect((await ModelRegistry.read(folders)).get('a').manifest).toEqual(changed.manifest);
  });

  it('is for models that were added', async () => {
    const { store } = await openStore({ host: noEngines });
    await expect(store.change('photo-x2', { title: 'x' })).rejects.toMatchObject({
      code: 'permission-denied',
    });
    await expect(store.change('none', { title: 'x' })).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

describe('removing', () => {
  it('waits for the batches that need the model', async () => {
    const { store, folders, jobs, inside } = await openStore({ host: noEngines });
    const folder = await addedCopy(folders.added);
    await writeFile(
      join(folder, 'manifest.json'),
      JSON.stringify({ ...(await manifestIn(folder)), id: 'mine' }),
    );
    const id = await jobs.addBatch(newBatch('ab', { recipe: { model: 'mine' } }));
    await jobs.addBatch(newBatch('c', { recipe: { model: 'photo-x2' } }));
    const states = [];
    for (const state of ['queued', 'running', 'paused'] as const) {
      await jobs.setBatchState(id, state);
      states.push(await store.remove('mine').catch(({ code, message }) => [code, message]));
    }
    expect(states).toEqual(
      ['waiting', 'running', 'paused'].map((state) => [
        'in-use',
        `Model 'mine' is needed by batch ${id} (Holidays), which is ${state}. Let it come to its end, or cancel it.`,
      ]),
    );
    await jobs.setBatchState(id, 'cancelled');
    await store.remove('mine');
    expect(await inside()).toEqual([]);
  });

  it('leaves alone what is no added model, and takes a broken one', async () => {
    const { store, folders, inside } = await openStore({ host: noEngines });
    await expect(store.remove('photo-x2')).rejects.toMatchObject({ code: 'permission-denied' });
    for (const id of ['none', '..', '..', '', '.']) {
      await expect(store.remove(id)).rejects.toMatchObject({ code: 'bad-argument' });
    }
    await writeFile(join(await addedCopy(folders.added, 'broken'), 'manifest.json'), 'nonsense');
    await store.remove('broken');
    expect(await inside()).toEqual([]);
  });
});
