import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writePicture } from '../support/pictures.ts';
import { filesIn, type Line, linesOfRunning, makePictures, snapshot, start } from './support.ts';

const NAMES = Array.from({ length: 8 }, (_, index) => `photo ${index}.jpg`);
const ARGS = ['--json', '--workers', '1', '--variant', 'fp32', '--tile', '64'];

/** Eight pictures, all but the first too much work to be done before an interruption arrives. */
async function longBatch(): Promise<string> {
  const root = await makePictures([]);
  await mkdir(join(root, 'tmp'));
  for (const [index, name] of NAMES.entries()) {
    const side = index === 0 ? 60 : 280;
    await writePicture(join(root, 'in', name), { width: side, height: side, seed: index + 1 });
  }
  return root;
}

/** Enlarges `in` into `out`, with `tmp` for scratch, all in `root`. */
function startOn(root: string) {
  const args = ['enhance', join(root, 'in'), '--out', join(root, 'out'), ...ARGS];
  return start(args, { env: { TMPDIR: join(root, 'tmp') } });
}

/** Starts on `root`, does `interrupt` after the first result, and waits for the end. */
async function interrupted(root: string, interrupt: (pid: number) => unknown) {
  const child = startOn(root);
  const closed = once(child, 'close');
  const lines: Line[] = [];
  for await (const line of linesOfRunning(child.stdout)) {
    lines.push(line);
    const done = lines.filter(({ state }) => state === 'done').length;
    if (line.state === 'done' && done === 1) await interrupt(child.pid as number);
  }
  const [code, signal] = await closed;
  const states = new Map(lines.flatMap(({ source, state }) => (source && state ? [[source, state]] : [])));
  return { exit: signal ?? code, summary: lines.at(-1), states: [...states.values()] };
}

/** The results, all of which must be whole, and whatever else lies in the output folder. */
async function results(root: string): Promise<string[]> {
  const files = await filesIn(join(root, 'out'));
  for (const file of files) await sharp(join(root, 'out', file)).stats();
  return files;
}

/** Engines keep their scratch in a folder that is named after their process. */
async function scratchOfEngines(root: string): Promise<string[]> {
  const [user = ''] = await readdir(join(root, 'tmp'));
  return readdir(join(root, 'tmp', user));
}

const nameOf = (source: string) => source.replace(/\.jpg$/, '-x2.jpg');

describe.skipIf(process.platform === 'win32')(
  'a run that is interrupted (Windows has no such signals)',
  () => {
    it.each(['SIGINT', 'SIGTERM'] as const)(
      'by %s keeps what is done and leaves nothing else',
      async (signal) => {
        const root = await longBatch();
        const before = await snapshot(join(root, 'in'));
        const { exit, summary, states } = await interrupted(root, (pid) => process.kill(pid, signal));
        const count = (state: string) => states.filter((each) => each === state).length;
        const done = count('done');
        expect(done).toBeLessThan(NAMES.length);
        expect({ exit, summary, cancelled: count('cancelled') }).toMatchObject({
          exit: 1,
          summary: { event: 'summary', done, cancelled: NAMES.length - done, failed: 0, exitCode: 1 },
          cancelled: NAMES.length - done,
        });
        expect(await results(root)).toEqual(NAMES.slice(0, done).map(nameOf));
        expect(await snapshot(join(root, 'in'))).toEqual(before);
      },
    );

    it('is taken up again by the next, which does the rest', async () => {
      const root = await longBatch();
      await interrupted(root, (pid) => process.kill(pid, 'SIGINT'));
      const kept = await readFile(join(root, 'out', nameOf(NAMES[0] ?? '')));
      const { exit, summary } = await interrupted(root, () => {});
      expect({ exit, summary }).toMatchObject({
        exit: 0,
        summary: { event: 'summary', failed: 0, cancelled: 0 },
      });
      expect(await results(root)).toEqual(NAMES.map(nameOf));
      expect(await readFile(join(root, 'out', nameOf(NAMES[0] ?? '')))).toEqual(kept);
    });

    it('by the death of its engine says which files were not done, and ends', async () => {
      const root = await longBatch();
      const { exit, summary, states } = await interrupted(root, async () => {
        const [scratch = ''] = await scratchOfEngines(root);
        process.kill(Number(scratch.replace('engine-', '')), 'SIGKILL');
      });
      const done = states.filter((state) => state === 'done').length;
      expect({ exit, summary }).toMatchObject({
        exit: 1,
        summary: { event: 'summary', done, failed: NAMES.length - done, exitCode: 1 },
      });
      expect(await results(root)).toEqual(NAMES.slice(0, done).map(nameOf));
    });

    it('goes on when nobody reads what it says any more', async () => {
      const root = await longBatch();
      const child = startOn(root);
      const closed = once(child, 'exit');
      await once(child.stdout, 'data');
      child.stdout.destroy();
      expect([await closed, await results(root)]).toEqual([[0, null], NAMES.map(nameOf)]);
    });
  },
);
