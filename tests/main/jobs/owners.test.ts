import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Owner } from '../../../src/main/jobs/job-store.ts';
import { Journal } from '../../../src/main/jobs/journal.ts';
import { OwnerWatch, SILENCE } from '../../../src/main/jobs/owner-watch.ts';
import { isRunning, thisProcess } from '../../../src/main/jobs/process-identity.ts';
import { inWork, journalPath, newBatch, openCalls } from './made-up-jobs.ts';

describe('a process', () => {
  const here = thisProcess();

  it('that runs is seen to run, where the system says since when', () => {
    expect(isRunning(here, here)).toBe(process.platform === 'linux' ? true : undefined);
  });

  it('that has ended is seen to have ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const pid = child.pid ?? 0;
    await once(child, 'exit');
    expect(isRunning({ ...here, pid }, here)).toBe(false);
    expect(isRunning({ ...here, pid, started: '' }, { ...here, started: '' })).toBe(false);
  });

  it('with an id that was in use before is not the one that had it', () => {
    const before = { ...here, started: '1' };
    expect(isRunning(before, here)).toBe(process.platform === 'linux' ? false : undefined);
  });

  it('of before the machine was started anew has ended', () => {
    expect(isRunning({ ...here, boot: 'before' }, here)).toBe(false);
  });

  it('is not to be judged where it cannot be seen', () => {
    expect(isRunning({ ...here, host: 'another' }, here)).toBeUndefined();
    expect(isRunning({ ...here, namespace: 'another' }, here)).toBeUndefined();
    expect(isRunning({ ...here, started: '' }, { ...here, started: '' })).toBeUndefined();
  });
});

describe('silence', () => {
  it('is counted from when it was first noticed, and ends with a sign of life', () => {
    let now = 1e6;
    const watch = new OwnerWatch(() => now);
    const after = (milliseconds: number, beats: number) => {
      now += milliseconds;
      return watch.isSilent(1, beats);
    };
    expect(after(0, 5)).toBe(false);
    for (let waited = 10_000; waited < SILENCE; waited += 10_000) expect(after(10_000, 5)).toBe(false);
    expect(after(5_000, 6)).toBe(false);
    for (let waited = 10_000; waited < SILENCE; waited += 10_000) expect(after(10_000, 6)).toBe(false);
    expect(after(10_000, 6)).toBe(true);
  });

  it.each([86_400_000, -86_400_000])('is not made by a clock that jumps by %i ms', (jump) => {
    let now = 1e9;
    const watch = new OwnerWatch(() => now);
    watch.isSilent(1, 5);
    now += jump;
    expect(watch.isSilent(1, 5)).toBe(false);
    expect(watch.isSilent(1, 6)).toBe(false);
  });
});

describe('what an owner has in work', () => {
  it('stays his while he lives', async () => {
    const path = await journalPath();
    const [one, two] = [openCalls(path), openCalls(path)];
    const { owner } = await inWork(one, 'ab');
    const other = await two.registerOwner();
    await two.heartbeat(other);
    expect(await two.reclaim(other)).toEqual([]);
    await one.heartbeat(owner);
  });

  it('is given back when he retires, and is lost to him', async () => {
    const path = await journalPath();
    const [one, two] = [openCalls(path), openCalls(path)];
    const { owner, files } = await inWork(one, 'ab');
    await one.retire(owner);
    const other = await two.registerOwner();
    expect((await two.reclaim(other)).map(({ file }) => file)).toEqual(files);
    await expect(one.heartbeat(owner)).rejects.toMatchObject({ code: 'lease-lost' });
    await expect(one.finish(owner, files[0]?.id ?? 0, { state: 'cancelled' })).rejects.toMatchObject({
      code: 'lease-lost',
    });
    await two.finish(other, files[0]?.id ?? 0, { state: 'cancelled' });
  });

  it('is given back when his journal is closed', async () => {
    const path = await journalPath();
    const [one, two] = [openCalls(path), openCalls(path)];
    const { files } = await inWork(one, 'ab');
    one.close();
    expect((await two.reclaim(await two.registerOwner())).map(({ file }) => file)).toEqual(files);
  });

  it('is given back when he falls silent where nothing else can be seen of him', async () => {
    const path = await journalPath();
    let now = 0;
    const [one, two] = [openJournal(path, () => now), openJournal(path, () => now)];
    const [silent, watching] = [one, two].map((journal) =>
      journal.transaction(() => journal.leases.registerOwner()),
    ) as [Owner, Owner];
    one.transaction(() => {
      const id = one.batches.add(newBatch('a'));
      one.files.add(id, newBatch('a').files);
      one.leases.take(id, silent, 1);
    });
    const reclaimed = () => two.transaction(() => two.leases.reclaim(watching)).length;
    for (now = 0; now < SILENCE; now += 10_000) expect(reclaimed()).toBe(0);
    expect(reclaimed()).toBe(1);
  });
});

function openJournal(path: string, now: () => number): Journal {
  const journal = new Journal(path, now);
  onTestFinished(() => journal.close());
  return journal;
}
