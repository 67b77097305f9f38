import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linesOf, makePictures, QUICK } from './support.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
const TRACED =
  'openat,pwrite64,fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink,unlinkat,write,writev';

/** One call of the system: the numbers of the lines on which it began and ended, and what it was given. */
interface Call {
  name: string;
  given: string;
  began: number;
  ended: number;
}

/** What strace has written, which puts a call of one thread on two lines where another thread was faster. */
function callsIn(trace: string): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, Call>();
  for (const [line, text] of trace.split('\n').entries()) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(text) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>/.test(rest);
    const [, name, given] = /^(\w+)\((.*)$/.exec(rest) ?? [];
    if (resumed) {
      const call = open.get(thread);
      if (call) Object.assign(call, { ended: line, given: call.given + rest });
    } else if (name !== undefined && given !== undefined) {
      const call = { name, given, began: line, ended: line };
      calls.push(call);
      if (given.endsWith('<unfinished ...>')) open.set(thread, call);
    }
  }
  return calls;
}

const isTraceable = () =>
  spawnSync('strace', ['-f', '-e', 'trace=fsync', process.execPath, '--version']).status === 0;

/**
 * Whatever moment the power fails at: before the link there is at most a temporary file that the journal names; after
 * it there is the whole result, and the journal knows by its hash that it is ours. So each step has to be on the
 * disk before the next begins:
 *
 * - the bytes before they are read back, or a cache would be verified;
 * - the intent before the link, or nobody could tell the result from somebody else's file;
 * - the bytes before the link, or the name could stand for a file with holes;
 * - the folder before `done`, or the journal would know of a result whose name is lost;
 * - and the temporary name goes last, as it is all there is until the other is on the disk.
 */
it('a result is flushed, verified, intended, linked, its folder flushed, and done, in this order', async ({
  skip,
}) => {
  skip(!isTraceable(), 'strace is not there or may not trace (Linux)');
  const root = await makePictures(['a.jpg']);
  const log = join(root, 'trace');
  const out = join(root, 'out');
  const strace = ['-f', '-y', '-s', '5000', '-e', `trace=${TRACED}`, '-o', log];
  const words = ['enhance', join(root, 'in'), '--out', out, '--json', '--workers', '1', ...QUICK];
  const { stdout, status } = spawnSync('strace', [...strace, process.execPath, PROGRAM, ...words], {
    env: { ...process.env, ENLARGER_HOME: join(root, 'home') },
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  const [sha256] = linesOf(stdout).flatMap(({ result }) =>
    result ? [(result as { sha256: string }).sha256] : [],
  );
  const calls = callsIn(await readFile(log, 'utf8'));

  /** The first call after `before` whose name and arguments are such; it must be there. */
  const next = (before: Call | undefined, name: RegExp, given: RegExp, what: string): Call => {
    const found = calls.find(
      (call) => call.began > (before?.ended ?? -1) && name.test(call.name) && given.test(call.given),
    );
    if (!found) throw new Error(`There is no ${what} after line ${before?.ended ?? 0} of the trace.`);
    return found;
  };
  const PART = /\.enlarger-[^"<>]+\.part/;
  const WRITTEN = new RegExp(`^\\d+<[^>]*${PART.source}>`);
  const WAL = /journal\.db-wal>/;
  const [FLUSH, WRITE, LINK] = [/^f(data)?sync$/, /^pwrite64$/, /^link(at)?$/];

  const link = next(undefined, LINK, PART, 'link');
  expect(link.given).toContain(`"${join(out, 'a-x2.jpg')}"`);
  const flushed = next(undefined, FLUSH, PART, 'flush of the result');
  const readBack = next(
    flushed,
    /^openat$/,
    new RegExp(`${PART.source}", O_RDONLY`),
    'reading of the result',
  );
  const intent = next(
    readBack,
    WRITE,
    new RegExp(`${WAL.source}.*replaces.*${sha256}|${WAL.source}.*${sha256}.*replaces`),
    'intent',
  );
  const intended = next(intent, FLUSH, WAL, 'flush of the intent');
  const folder = next(link, FLUSH, new RegExp(`<${out}>`), 'flush of the folder');
  const removed = next(link, /^unlink(at)?$/, PART, 'removal of the temporary name');
  const finished = next(link, WRITE, new RegExp(`${WAL.source}.*${sha256}`), 'note that it is done');
  const kept = next(finished, FLUSH, WAL, 'flush of that note');

  const order = { flushed, readBack, intent, intended, link, folder, removed, finished, kept };
  const steps = Object.entries(order);
  for (const [index, [name, step]] of steps.entries()) {
    const [following, after] = steps[index + 1] ?? [];
    if (after && step.ended >= after.began) throw new Error(`${name} had not ended when ${following} began.`);
  }
  // Nobody writes anything to the result between its being read back and its being linked.
  const late = calls.filter(
    ({ name, given, began }) =>
      /^(write|writev|pwrite64)$/.test(name) && WRITTEN.test(given) && began > readBack.began,
  );
  expect(late.map(({ began }) => began)).toEqual([]);
});
