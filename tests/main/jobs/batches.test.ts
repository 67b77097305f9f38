import { describe, expect, it } from 'vitest';
import { planKeyOf } from '../../../src/main/jobs/plan-key.ts';
import { batchRecordSchema, fileRecordSchema } from '../../../src/shared/jobs.ts';
import {
  finishAll,
  inWork,
  newBatch,
  newCalls,
  plan,
  plannedFile,
  refusedFile,
  sha256,
} from './made-up-jobs.ts';

describe('a batch', () => {
  it('is known with what was asked for and how far it is', async () => {
    const jobs = await newCalls();
    const refused = { ...refusedFile, identity: '1:broken' };
    const id = await jobs.addBatch({
      ...newBatch('ab'),
      files: [plannedFile('a'), refused, plannedFile('b'), refusedFile],
    });
    const batch = await jobs.batch(id);
    expect(batchRecordSchema.parse(batch)).toEqual(batch);
    expect(batch).toMatchObject({
      ...{ title: 'Holidays', recipe: { format: 'keep' }, out: '/out', shell: 'cli', state: 'queued' },
      ...{ files: { queued: 2, failed: 2, done: 0 }, pixelsTotal: 200, pixelsDone: 0, startedAt: null },
    });
    expect(await jobs.hasSource(id, '1:b')).toBe(true);
    expect(await jobs.hasSource(id, '1:broken')).toBe(true);
    expect(await jobs.hasSource(id, '1:c')).toBe(false);
    const files = await jobs.files(id);
    expect(files.map((file) => fileRecordSchema.parse(file))).toEqual(files);
    expect(files.map(({ position, state, source }) => [position, state, source])).toEqual([
      [0, 'queued', '/in/a.jpg'],
      [1, 'failed', '/in/broken.jpg'],
      [2, 'queued', '/in/b.jpg'],
      [3, 'failed', '/in/broken.jpg'],
    ]);
    expect(files[1]).toMatchObject({ code: 'decode-failed', reason: refusedFile.ended.reason, target: null });
    expect(await jobs.file(files[0]?.id ?? 0)).toEqual(files[0]);
  });

  it('runs once a file is taken, and ends when nothing is left', async () => {
    const jobs = await newCalls();
    const { batchId, owner, files } = await inWork(jobs, 'a');
    expect((await jobs.batch(batchId)).state).toBe('running');
    expect(await jobs.settle(batchId)).toBe('running');
    await jobs.finish(owner, files[0]?.id ?? 0, { state: 'skipped', reason: 'It is there.' });
    expect(await jobs.settle(batchId)).toBe('done');
    const { startedAt, endedAt } = await jobs.batch(batchId);
    expect([typeof startedAt, typeof endedAt]).toEqual(['number', 'number']);
  });

  it.each([
    ['partial', 'failed'],
    ['cancelled', 'cancelled'],
  ] as const)('ends as %s if a file has %s', async (state, outcome) => {
    const jobs = await newCalls();
    const { batchId, owner, files } = await inWork(jobs, 'ab');
    await jobs.finish(owner, files[0]?.id ?? 0, { state: outcome, code: 'internal', reason: 'Bad luck.' });
    await jobs.finish(owner, files[1]?.id ?? 0, { state: 'skipped', reason: 'It is there.' });
    expect(await jobs.settle(batchId)).toBe(state);
    expect(await jobs.settle(batchId)).toBe(state);
    expect((await jobs.batch(batchId)).files).toMatchObject({ skipped: 1, [outcome]: 1 });
  });

  it('that is paused gives no files until it goes on', async () => {
    const jobs = await newCalls();
    const id = await jobs.addBatch(newBatch('a'));
    const owner = await jobs.registerOwner();
    await jobs.setBatchState(id, 'paused', 'The disk is full.');
    expect(await jobs.take(id, owner, 1)).toEqual([]);
    expect(await jobs.batch(id)).toMatchObject({ state: 'paused', reason: 'The disk is full.' });
    await jobs.setBatchState(id, 'running');
    expect(await jobs.take(id, owner, 1)).toHaveLength(1);
  });

  it('that is cancelled cancels what waits, and what comes back from work', async () => {
    const jobs = await newCalls();
    const id = await jobs.addBatch(newBatch('abc'));
    const owner = await jobs.registerOwner();
    const files = await jobs.take(id, owner, 1);
    await jobs.setBatchState(id, 'cancelled');
    expect((await jobs.batch(id)).files).toMatchObject({ cancelled: 2, decoding: 1 });
    await jobs.requeue(owner, [files[0]?.id ?? 0]);
    expect(await jobs.settle(id)).toBe('cancelled');
    expect((await jobs.batch(id)).files).toMatchObject({ cancelled: 3, queued: 0 });
    await expect(jobs.setBatchState(id, 'running')).rejects.toMatchObject({ code: 'bad-argument' });
    expect(await jobs.retry(id, { cancelled: true })).toBe(3);
    expect(await jobs.batch(id)).toMatchObject({ state: 'queued', endedAt: null, files: { queued: 3 } });
  });

  it('that has ended goes on with files that are tried again', async () => {
    const jobs = await newCalls();
    const id = await jobs.addBatch(newBatch('abc'));
    await jobs.setBatchState(id, 'cancelled');
    const [a, b, c] = (await jobs.files(id)).map((file) => file.id) as [number, number, number];
    expect(await jobs.retryFiles([b, c, 999])).toEqual([id, id]);
    expect(await jobs.retryFiles([b])).toEqual([]);
    expect((await jobs.file(a)).state).toBe('cancelled');
    expect(await jobs.batch(id)).toMatchObject({ state: 'queued', files: { cancelled: 1, queued: 2 } });
  });

  it('of which all that is left is paused is paused, until one of its files goes on', async () => {
    const jobs = await newCalls();
    const { batchId, owner, files } = await inWork(jobs, 'abc', '/out', 1);
    const [, b, c] = (await jobs.files(batchId)).map(({ id }) => id) as [number, number, number];
    await jobs.pauseFiles([b]);
    await jobs.finish(owner, files[0]?.id ?? 0, { state: 'cancelled' });
    expect(await jobs.settle(batchId)).toBe('running');
    await jobs.pauseFiles([c]);
    expect(await jobs.settle(batchId)).toBe('paused');
    const reason = 'every file that is left is paused';
    expect(await jobs.batch(batchId)).toMatchObject({ state: 'paused', reason, endedAt: null });
    await jobs.resumeFiles([b]);
    expect(await jobs.batch(batchId)).toMatchObject({ state: 'queued', reason: null });
    expect(await jobs.take(batchId, owner, 5)).toMatchObject([{ id: b }]);
  });

  it('of which all that is left is paused goes on with that when it is queued again', async () => {
    const jobs = await newCalls();
    const id = await jobs.addBatch(newBatch('ab'));
    const owner = await jobs.registerOwner();
    const waiting = (await jobs.files(id)).map((file) => file.id);
    await jobs.pauseFiles(waiting);
    await jobs.settle(id);
    await jobs.setBatchState(id, 'queued');
    expect(await jobs.take(id, owner, 5)).toHaveLength(2);
    await jobs.requeue(owner, waiting);
    await jobs.pauseFiles(waiting.slice(1));
    await jobs.setBatchState(id, 'paused', 'by the user');
    await jobs.setBatchState(id, 'queued');
    expect(await jobs.take(id, owner, 5)).toMatchObject([{ id: waiting[0] }]);
  });

  it('that is paused by somebody stays so when one of its files is resumed', async () => {
    const jobs = await newCalls();
    const id = await jobs.addBatch(newBatch('ab'));
    const waiting = (await jobs.files(id)).map((file) => file.id);
    await jobs.pauseFiles(waiting);
    await jobs.setBatchState(id, 'paused', 'by the user');
    expect(await jobs.settle(id)).toBe('paused');
    await jobs.resumeFiles(waiting);
    expect(await jobs.batch(id)).toMatchObject({ state: 'paused', reason: 'by the user' });
  });

  it('shrinks while it runs', async () => {
    const jobs = await newCalls();
    const { batchId, owner, files } = await inWork(jobs, 'abc', '/out', 1);
    const [taken, b] = await jobs.files(batchId);
    expect(await jobs.removeFiles([taken?.id ?? 0, b?.id ?? 0])).toBe(1);
    expect((await jobs.files(batchId)).map(({ source, position }) => [source, position])).toEqual([
      ['/in/a.jpg', 0],
      ['/in/c.jpg', 2],
    ]);
    await jobs.finish(owner, files[0]?.id ?? 0, { state: 'skipped', reason: 'It is there.' });
    await finishAll(jobs, batchId, owner);
    expect(await jobs.settle(batchId)).toBe('done');
    expect(await jobs.batch(batchId)).toMatchObject({ files: { skipped: 1, done: 1 } });
  });

  it('is not found where there is none', async () => {
    const jobs = await newCalls();
    const none = { code: 'not-found', message: expect.stringMatching(/no batch 9/) };
    await expect(jobs.batch(9)).rejects.toMatchObject(none);
    await expect(jobs.files(9)).rejects.toMatchObject(none);
    await expect(jobs.settle(9)).rejects.toMatchObject(none);
    await expect(jobs.retry(9, { failed: true })).rejects.toMatchObject(none);
    await expect(jobs.file(9)).rejects.toMatchObject({ code: 'not-found' });
    await expect(jobs.strike(9, 'why')).rejects.toMatchObject({ code: 'not-found' });
    await expect(jobs.cancelFiles([9])).rejects.toMatchObject({ code: 'not-found' });
    await expect(jobs.prioritise([9])).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('lists', () => {
  it('of batches are newest first, and searched, filtered and paged', async () => {
    const jobs = await newCalls();
    const [a, b, c] = [
      await jobs.addBatch(newBatch('a', { title: 'Straße' })),
      await jobs.addBatch(newBatch('b', { title: 'Harbour', out: '/Ärzte' })),
      await jobs.addBatch(newBatch('c', { title: '100 %' })),
    ];
    await jobs.setBatchState(b, 'paused');
    const ids = async (query: Parameters<typeof jobs.batches>[0]) =>
      (await jobs.batches(query)).map(({ id }) => id);
    expect(await ids(undefined)).toEqual([c, b, a]);
    expect(await ids({ search: 'STRA' })).toEqual([a]);
    expect(await ids({ search: 'ärz' })).toEqual([b]);
    expect(await ids({ search: '%' })).toEqual([c]);
    expect(await ids({ states: ['queued'] })).toEqual([c, a]);
    expect(await ids({ limit: 1, before: c })).toEqual([b]);
  });

  it('of files are by position, and searched, filtered and paged', async () => {
    const jobs = await newCalls();
    const { batchId, owner, files } = await inWork(jobs, 'abcd');
    await jobs.move(owner, files[1]?.id ?? 0, 'enhancing');
    const sources = async (query: Parameters<typeof jobs.files>[1]) =>
      (await jobs.files(batchId, query)).map(({ source }) => source.slice(4, 5)).join('');
    expect(await sources({ after: 0, limit: 2 })).toBe('bc');
    expect(await sources({ states: ['enhancing', 'done'] })).toBe('b');
    expect(await sources({ search: 'C.JPG' })).toBe('c');
  });
});

describe('clearing', () => {
  it('forgets ended batches, and refuses those that are not over', async () => {
    const jobs = await newCalls();
    const { batchId, owner } = await inWork(jobs, '');
    expect(await jobs.settle(batchId)).toBe('done');
    const running = await jobs.addBatch(newBatch('a'));
    await jobs.take(running, owner, 1);
    await expect(jobs.clear({ batchIds: [batchId, running] })).rejects.toMatchObject({
      code: 'bad-argument',
    });
    await jobs.setBatchState(running, 'cancelled');
    await expect(jobs.clear({ batchIds: [running] })).rejects.toMatchObject({ code: 'bad-argument' });
    expect(await jobs.clear({ endedBefore: Date.now() + 1_000 })).toBe(1);
    expect((await jobs.batches()).map(({ id }) => id)).toEqual([running]);
  });

  it('by bounds keeps the newest, and what still waits', async () => {
    const jobs = await newCalls();
    const waiting = await jobs.addBatch(newBatch('w'));
    const owner = await jobs.registerOwner();
    const ended: number[] = [];
    for (const names of ['ab', 'cde', 'f', 'g']) {
      const id = await jobs.addBatch(newBatch(names));
      await finishAll(jobs, id, owner);
      await jobs.settle(id);
      ended.push(id);
    }
    const left = async () => (await jobs.batches()).map(({ id }) => id);
    expect(await jobs.prune()).toBe(0);
    expect(await jobs.prune({ batches: 3 })).toBe(1);
    expect(await left()).toEqual([...ended.slice(1).reverse(), waiting]);
    expect(await jobs.prune({ files: 2 })).toBe(1);
    expect(await left()).toEqual([ended[3], ended[2], waiting]);
  });
});

describe('a batch that is handed over in pieces', () => {
  const { files: _, ...draft } = newBatch('');

  it('is there as a whole or not at all', async () => {
    const jobs = await newCalls();
    const [first, second] = [await jobs.draftBatch(draft), await jobs.draftBatch(draft)];
    await jobs.draftFiles(first, [plannedFile('a'), plannedFile('b')]);
    await jobs.draftFiles(second, [plannedFile('x')]);
    await jobs.draftFiles(first, [plannedFile('c')]);
    expect(await jobs.batches()).toEqual([]);
    const id = await jobs.addDraft(first);
    expect((await jobs.batches()).map((batch) => batch.id)).toEqual([id]);
    expect((await jobs.files(id)).map(({ source }) => source)).toEqual([
      '/in/a.jpg',
      '/in/b.jpg',
      '/in/c.jpg',
    ]);
    await expect(jobs.addDraft(first)).rejects.toMatchObject({ code: 'not-found' });
    await expect(jobs.draftFiles(9, [])).rejects.toMatchObject({ code: 'not-found' });
  });
});

it('the plan of a batch is that of its first planned file', async () => {
  const jobs = await newCalls();
  const id = await jobs.addBatch(newBatch('', { files: [refusedFile, plannedFile('a')] }));
  expect(await jobs.planOf(id)).toEqual(plan);
  expect(await jobs.planOf(await jobs.addBatch(newBatch('', { files: [refusedFile] })))).toBeUndefined();
  await expect(jobs.planOf(9)).rejects.toMatchObject({ code: 'not-found' });
});

it('a plan has one key however its fields are ordered, and comes with each file that is taken', async () => {
  const jobs = await newCalls();
  const reordered = Object.fromEntries(Object.entries(plan).reverse()) as typeof plan;
  const files = [plannedFile('a'), { ...plannedFile('b'), plan: reordered }];
  const id = await jobs.addBatch(newBatch('', { files }));
  const taken = await jobs.take(id, await jobs.registerOwner(), 2);
  expect(taken.map((file) => file.plan)).toEqual([plan, plan]);
  expect(new Set(taken.map(({ planKey }) => planKey)).size).toBe(1);
});

it('keeps the plan of a network that is none of ours, and knows equal ones as the same', async () => {
  const jobs = await newCalls();
  const strength = { input: 's', dtype: 'float64' as const, dims: [], from: 0, to: 9, default: 0.5 };
  const network = { layout: 'NCHW' as const, channels: 1 as const, channelOrder: 'RGB' as const, trim: 0 };
  const foreign = {
    ...plan,
    network: { ...network, multiple: 4, fixed: [64, 64] as [number, number], strength },
    strength: 0.25,
    deep: { ...plan.deep, range: [-1, 1] as [number, number] },
  };
  const id = await jobs.addBatch(newBatch('', { files: [{ ...plannedFile('a'), plan: foreign }] }));
  expect(await jobs.planOf(id)).toEqual(foreign);
  expect(planKeyOf(foreign)).not.toBe(planKeyOf({ ...foreign, strength: 0.5 }));
});

it('plans of models that ship have the keys that they always had', () => {
  const session =
    '{"modelId":"m","variant":"fp32","dtype":"uint8","file":"/models/m.onnx","sha256":"cafe","provider":"cpu","threads":1}';
  const words = '{"modelId":"m","scale":2,"receptiveRadius":8,"tile":{"width":64,"height":64}';
  expect(planKeyOf(plan)).toBe(sha256(`${words},"shallow":${session},"deep":${session}}`));
});
