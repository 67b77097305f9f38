import { once } from 'node:events';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writePicture } from '../support/pictures.ts';
import { filesIn, type Line, linesOfRunning, makePictures, snapshot, start } from './support.ts';

const NAMES = Array.from({ length: 8 }, (_, index) => `photo ${index}.jpg`);
const ARGS = ['--json', '--workers', '1'];

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

/** Enlarges `in` into `out`, or does another command, with `tmp` for scratch and `home` for the journal, all in `root`. */
function startOn(root: string, command?: readonly string[]) {
  const enhance = [
    'enhance',
    join(root, 'in'),
    '--out',
    join(root, 'out'),
    '--variant',
    'fp32',
    '--tile',
    '64',
  ];
  const env = { TMPDIR: join(root, 'tmp'), ENLARGER_HOME: join(root, 'home') };
  return start([...(command ?? enhance), ...ARGS], { env });
}

/** Starts on `root`, does `interrupt` after the first result, and waits for the end. */
async function interrupted(root: string, interrupt: (pid: number) => unknown, command?: readonly string[]) {
  const child = startOn(root, command);
  const closed = once(child, 'close');
  const lines: Line[] = [];
  for await (const line of linesOfRunning(child.stdout)) {
    lines.push(line);
    const done = lines.filter(({ state }) => state === 'done').length;
    if (line.state === 'done' && done === 1) await interrupt(child.pid as number);
  }
  const [code, signal] = await closed;
  const states = new Map(lines.flatMap(({ source, state }) => (source && state ? [[source, state]] : [])));
  const done = [...states].flatMap(([source, state]) => (state === 'done' ? [basename(source)] : []));
  return {
    exit: signal ?? code,
    lines,
    summary: lines.at(-1),
    states: [...states.values()],
    done: done.sort(),
  };
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
        const { exit, summary, states, done } = await interrupted(root, (pid) => process.kill(pid, signal));
        const left = NAMES.length - done.length;
        expect(left).toBeGreaterThan(0);
        expect({ exit, summary }).toMatchObject({
          exit: 1,
          summary: { event: 'summary', done: done.length, cancelled: left, failed: 0, exitCode: 1 },
        });
        expect(states.filter((state) => state === 'cancelled')).toHaveLength(left);
        expect(await results(root)).toEqual(done.map(nameOf));
        expect(await snapshot(join(root, 'in'))).toEqual(before);
      },
    );

    it('is taken up again by the next, which does the rest', async () => {
      const root = await longBatch();
      const { done } = await interrupted(root, (pid) => process.kill(pid, 'SIGINT'));
      const first = join(root, 'out', nameOf(done[0] ?? ''));
      const kept = await stat(first);
      const { exit, summary } = await interrupted(root, () => {});
      expect({ exit, summary }).toMatchObject({
        exit: 0,
        summary: { event: 'summary', failed: 0, cancelled: 0 },
      });
      expect(await results(root)).toEqual(NAMES.map(nameOf));
      expect((await stat(first)).ino).toBe(kept.ino);
    });

    it('says how it is gone on with, and is: what was done is not done again', async () => {
      const root = await longBatch();
      const first = await interrupted(root, (pid) => process.kill(pid, 'SIGINT'));
      expect(first.lines.at(-2)).toEqual({ event: 'interrupted', batch: 1 });
      const { exit, summary } = await interrupted(root, () => {}, ['resume']);
      const done = NAMES.length - first.done.length;
      expect({ exit, summary }).toMatchObject({ exit: 0, summary: { done, failed: 0, skipped: 0 } });
      expect(await results(root)).toEqual(NAMES.map(nameOf));
    });

    it('by its sudden death is gone on with by the next, which clears away what was left', async () => {
      const root = await longBatch();
      const { exit } = await interrupted(root, (pid) => process.kill(pid, 'SIGKILL'));
      const { exit: end, summary } = await interrupted(root, () => {}, ['resume', '1']);
      expect([exit, end, summary]).toMatchObject(['SIGKILL', 0, { failed: 0, cancelled: 0, skipped: 0 }]);
      expect(await results(root)).toEqual(NAMES.map(nameOf));
    });

    it('by the death of its engine goes on with another, and does everything', async () => {
      const root = await longBatch();
      const { exit, summary, lines } = await interrupted(root, async () => {
        const [scratch = ''] = await scratchOfEngines(root);
        process.kill(Number(scratch.replace('engine-', '')), 'SIGKILL');
      });
      expect({ exit, summary }).toMatchObject({
        exit: 0,
        summary: { event: 'summary', done: NAMES.length, failed: 0, exitCode: 0 },
      });
      expect(lines.find(({ state }) => state === 'retried')).toMatchObject({
        reason: 'it was ended by SIGKILL',
      });
      expect(await results(root)).toEqual(NAMES.map(nameOf));
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
