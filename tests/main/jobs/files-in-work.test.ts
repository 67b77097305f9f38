import { rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/pictures.ts';
import { intentFor, inWork, newBatch, newCalls, resultAt, sha256, writeText } from './made-up-jobs.ts';

const letters = (files: { source: string }[]) => files.map(({ source }) => source.slice(4, 5)).join('');

describe('taking', () => {
  it('goes by priority and position, passing over what is paused or cancelled', async () => {
    const jobs = await newCalls();
    const id = await jobs.addBatch(newBatch('abcdefg'));
    const owner = await jobs.registerOwner();
    const ids = (await jobs.files(id)).map((file) => file.id);
    const [a, b, c, , e, f] = ids as [number, number, number, number, number, number];
    await jobs.pauseFiles([a, c]);
    await jobs.prioritise([e, f]);
    await jobs.prioritise([f]);
    expect(await jobs.cancelFiles([b])).toEqual([]);
    expect(letters(await jobs.take(id, owner, 3))).toBe('fed');
    await jobs.resumeFiles([c]);
    expect(letters(await jobs.take(id, owner, 9))).toBe('cg');
    expect(await jobs.cancelFiles([a, c])).toEqual([c]);
    expect(await jobs.take(id, owner, 9)).toEqual([]);
  });

  it('says where to write, never twice the same', async () => {
    const jobs = await newCalls();
    const { batchId, owner, files } = await inWork(jobs, 'a', '/some/out');
    const [first] = files;
    await jobs.requeue(owner, [first?.id ?? 0]);
    const [second] = await jobs.take(batchId, owner, 1);
    expect(second).toMatchObject({ id: first?.id, attempts: 2, state: 'decoding' });
    expect(first?.temporary).toMatch(/^\/some\/out\/\.enlarger-[0-9a-f]+-1-1\.part$/);
    expect(second?.temporary).not.toBe(first?.temporary);
  });
});

describe('a file in work', () => {
  it('moves, is finished, and keeps what came of it', async () => {
    const jobs = await newCalls();
    const { owner, files } = await inWork(jobs, 'a');
    const id = files[0]?.id ?? 0;
    await jobs.move(owner, id, 'encoding');
    expect((await jobs.file(id)).state).toBe('encoding');
    await jobs.intend(owner, id, intentFor('/out/a.jpg', '/out/.enlarger-1.part'));
    await jobs.finish(owner, id, { state: 'done', ...resultAt('/out/a.jpg') });
    expect(await jobs.file(id)).toMatchObject({ state: 'done', result: resultAt('/out/a.jpg') });
    await jobs.move(owner, id, 'decoding');
    expect((await jobs.file(id)).state).toBe('done');
  });

  it('belongs to its owner alone', async () => {
    const jobs = await newCalls();
    const { files } = await inWork(jobs, 'a');
    const other = await jobs.registerOwner();
    const id = files[0]?.id ?? 0;
    const lost = { code: 'lease-lost', file: '/in/a.jpg' };
    await jobs.move(other, id, 'encoding');
    await expect(jobs.finish(other, id, { state: 'cancelled' })).rejects.toMatchObject(lost);
    await expect(jobs.intend(other, id, intentFor('/out/a.jpg', ''))).rejects.toMatchObject(lost);
    await expect(jobs.requeue(other, [id])).rejects.toMatchObject(lost);
    await expect(jobs.finish(other, 99, { state: 'cancelled' })).rejects.toMatchObject({ code: 'not-found' });
    expect((await jobs.file(id)).state).toBe('decoding');
  });

  it('collects strikes until it is put into quarantine, from which a retry takes it', async () => {
    const jobs = await newCalls();
    const { batchId, owner, files } = await inWork(jobs, 'a');
    const id = files[0]?.id ?? 0;
    expect([await jobs.strike(id, 'It died.'), await jobs.strike(id, 'Again.')]).toEqual([1, 2]);
    await jobs.finish(owner, id, {
      state: 'failed',
      code: 'quarantined',
      reason: 'The engine died over it.',
    });
    expect(await jobs.file(id)).toMatchObject({ state: 'failed', code: 'quarantined', strikes: 2 });
    await jobs.settle(batchId);
    expect(await jobs.retry(batchId, {})).toBe(0);
    expect(await jobs.retry(batchId, { failed: true })).toBe(1);
    expect(await jobs.file(id)).toMatchObject({ state: 'queued', code: null, reason: null, strikes: 0 });
  });
});

describe('a result', () => {
  it('is known while it stands as it was written', async () => {
    const jobs = await newCalls();
    const out = await temporaryFolder();
    const { owner, files } = await inWork(jobs, 'a', out);
    const [file] = files;
    const target = await writeText(join(out, 'a.jpg'), 'result');
    await jobs.finish(owner, file?.id ?? 0, { state: 'done', ...resultAt(target) });
    const key = { sourceSha256: sha256('source'), planKey: file?.planKey ?? '', target, format: 'jpeg' };
    expect(await jobs.doneBefore(key)).toEqual(resultAt(target));
    expect(await jobs.doneBefore({ ...key, quality: 80 })).toBeUndefined();
    expect(await jobs.doneBefore({ ...key, removeGps: true })).toBeUndefined();
    expect(await jobs.doneBefore({ ...key, planKey: 'another' })).toBeUndefined();
    await utimes(target, 1_000, 1_000);
    expect(await jobs.doneBefore(key)).toBeUndefined();
    await rename(target, `${target}.moved`);
    expect(await jobs.doneBefore(key)).toBeUndefined();
  });
});

describe('a fingerprint', () => {
  it('is of the bytes, also after they changed', async () => {
    const jobs = await newCalls();
    const path = await writeText(join(await temporaryFolder(), 'a.jpg'), 'one');
    await utimes(path, 1_000, 1_000);
    expect(await jobs.fingerprint(path)).toBe(sha256('one'));
    await writeText(path, 'two');
    expect(await jobs.fingerprint(path)).toBe(sha256('two'));
  });

  it('is remembered while size and date stay the same', async () => {
    const jobs = await newCalls();
    const path = await writeText(join(await temporaryFolder(), 'a.jpg'), 'one');
    await utimes(path, 1_000, 1_000);
    await jobs.fingerprint(path);
    await jobs.batches();
    await writeText(path, 'two');
    await utimes(path, 1_000, 1_000);
    expect(await jobs.fingerprint(path)).toBe(sha256('one'));
  });

  it('of a file that was changed just now is not remembered: it may change again in the same instant', async () => {
    const jobs = await newCalls();
    const path = await writeText(join(await temporaryFolder(), 'a.jpg'), 'one');
    const now = Date.now() / 1000;
    await utimes(path, now, now);
    await jobs.fingerprint(path);
    await jobs.batches();
    await writeText(path, 'two');
    await utimes(path, now, now);
    expect(await jobs.fingerprint(path)).toBe(sha256('two'));
  });

  it('of no file is an error that names it', async () => {
    const jobs = await newCalls();
    await expect(jobs.fingerprint('/no/such.jpg')).rejects.toMatchObject({
      ...{ code: 'not-found', file: '/no/such.jpg' },
    });
  });
});
