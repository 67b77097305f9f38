import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { FileLock } from '../../src/main/file-lock.ts';
import { thisProcess } from '../../src/main/jobs/process-identity.ts';
import { temporaryFolder } from '../support/pictures.ts';

const NAME = 'thing.lock';

/** A place for a lock, in a folder of its own. */
async function lockPlace(): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder();
  return { folder, path: join(folder, NAME) };
}

const { pid: deadId } = spawnSync(process.execPath, ['--version']);
const deadOwner = (number = '') =>
  JSON.stringify({ ...thisProcess(), pid: deadId, started: 'long ago', number });

/** A lock whose owner is dead. */
async function deadLock(): Promise<{ folder: string; path: string }> {
  const place = await lockPlace();
  await writeFile(place.path, deadOwner());
  return place;
}

/** Makes a file as old as it would be after a minute. */
async function age(path: string): Promise<void> {
  const then = Date.now() / 1000 - 60;
  await utimes(path, then, then);
}

it('names its owner while it is held, and leaves nothing', async () => {
  const { folder, path } = await lockPlace();
  {
    await using _ = await FileLock.take(path);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject(thisProcess());
    expect(await FileLock.take(path)).toBeUndefined();
    expect(await readdir(folder)).toEqual([NAME]);
  }
  expect(await readdir(folder)).toEqual([]);
});

it.each([
  ['is empty', ''],
  ['breaks off', '{"pid":1'],
  ['says something else', '{"pid":"one"}'],
])('one that %s is nobody’s, unless it may be being written', async (_, text) => {
  const { folder, path } = await lockPlace();
  await writeFile(path, text);
  expect(await FileLock.take(path)).toBeUndefined();
  expect(await readdir(folder)).toEqual([NAME]);
  await age(path);
  {
    await using _lock = await FileLock.take(path);
    expect(await FileLock.take(path)).toBeUndefined();
  }
  expect(await readdir(folder)).toEqual([]);
});

it('one whose owner cannot be told dead is left alone, until it counts as abandoned', async () => {
  const { folder, path } = await lockPlace();
  const elsewhere = JSON.stringify({ ...thisProcess(), host: 'elsewhere' });
  await writeFile(path, elsewhere);
  expect(await FileLock.take(path)).toBeUndefined();
  expect(await FileLock.take(path, { abandoned: 30_000 })).toBeUndefined();
  await age(path);
  expect(await FileLock.take(path)).toBeUndefined();
  expect(await readFile(path, 'utf8')).toBe(elsewhere);
  {
    await using lock = await FileLock.take(path, { abandoned: 30_000 });
    expect(lock).toBeDefined();
  }
  expect(await readdir(folder)).toEqual([]);
});

it('who has patience gets it once it is free', async () => {
  const { folder, path } = await lockPlace();
  const held = await FileLock.take(path);
  const waiting = FileLock.take(path, { patience: 30_000 });
  await held?.[Symbol.asyncDispose]();
  const next = await waiting;
  expect(next).toBeDefined();
  await next?.[Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});

it('what has become another’s meanwhile stays', async () => {
  const { path } = await lockPlace();
  const lost = await FileLock.take(path);
  const others = deadOwner();
  await writeFile(path, others);
  await lost?.[Symbol.asyncDispose]();
  expect(await readFile(path, 'utf8')).toBe(others);
});

it('of many that take over from a dead one, one has it', async () => {
  const { folder, path } = await deadLock();
  const tries = Array.from({ length: 50 }, () => FileLock.take(path));
  const [taken, ...more] = (await Promise.all(tries)).filter((lock) => lock !== undefined);
  expect([taken !== undefined, more.length]).toEqual([true, 0]);
  await taken?.[Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});

it('who takes over may die too, and is succeeded', async () => {
  const { folder, path } = await deadLock();
  await FileLock.take(path);
  const [successor = ''] = (await readdir(folder)).filter((name) => name !== NAME);
  await writeFile(join(folder, successor), deadOwner('2'));
  {
    await using _lock = await FileLock.take(path);
    expect((await readdir(folder)).length).toBe(3);
    expect(await FileLock.take(path)).toBeUndefined();
  }
  expect(await readdir(folder)).toEqual([]);
});

it('of two processes that contend for dead locks, one after the other has each', async () => {
  const folder = await temporaryFolder();
  const processes = [startLocking(), startLocking()];
  for (let round = 0; round < 40; round++) {
    const path = join(folder, `${round}.lock`);
    await writeFile(path, deadOwner(String(round)));
    const seen = await Promise.all(processes.map((child) => asked(child, path)));
    expect(seen).toEqual(['alone', 'alone']);
  }
  expect(await readdir(folder)).toEqual([]);
});

function startLocking(): ChildProcess {
  const script = fileURLToPath(new URL('./locking-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function asked(child: ChildProcess, path: string): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(path);
  return (await answer)[0];
}
