import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import type { BatchRunner, Workshop } from '../../../src/main/batch/batch-runner.ts';
import { obstacleIn } from '../../../src/main/batch/obstacle.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { endings, filesIn, journaled, openWorkshop, pictures, queue, work } from './batch-run.ts';

const NAMES = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'];
const RESULTS = NAMES.map((name) => name.replace('.jpg', '-x2.jpg'));

/** Works through a batch of which `hinder` keeps everything after the first result, till `help` has been called. */
async function hindered(
  workshop: Workshop,
  batchId: number,
  { hinder, help }: { hinder: () => void; help: (runner: BatchRunner) => unknown },
) {
  const told: (string | undefined)[] = [];
  const paused: unknown[] = [];
  const held = Promise.withResolvers<unknown>();
  let isHindered = false;
  const { state, events } = await work(workshop, batchId, {
    inFlight: 1,
    onFile: ({ state }) => {
      if (state !== 'done' || isHindered) return;
      isHindered = true;
      hinder();
    },
    onObstacle: (reason, runner) => {
      told.push(reason);
      if (reason === undefined) return;
      const look = async () => {
        const { state, reason } = await workshop.jobs.batch(batchId);
        paused.push({ state, reason });
        await help(runner);
      };
      look().then(held.resolve, held.reject);
    },
  });
  await held.promise;
  return { state, events, told, paused };
}

describe('an output folder that is taken away', () => {
  it('is waited for, not made anew, and gone on with once it is back', async () => {
    const root = await pictures(...NAMES);
    const [out, elsewhere] = [join(root, 'out'), join(root, 'elsewhere')];
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    let meanwhile: string[] = [];
    const { state, told, paused, events } = await hindered(workshop, batchId, {
      hinder: () => renameSync(out, elsewhere),
      help: async () => {
        meanwhile = await readdir(root);
        await rename(elsewhere, out);
      },
    });
    const reason = `${out}: the output folder is gone or cannot be written to. Work goes on by itself once it can.`;
    expect(told).toEqual([reason, undefined]);
    expect(paused).toEqual([{ state: 'paused', reason }]);
    expect(meanwhile.sort()).toEqual(['elsewhere', 'in']);
    expect([state, endings(events)]).toEqual(['done', NAMES.map((name) => [name, 'done'])]);
    expect(await filesIn(out)).toEqual(RESULTS);
  });

  it('and is a file now keeps the batch waiting, which can be stopped', async () => {
    const root = await pictures(...NAMES);
    const out = join(root, 'out');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    const { state, told } = await hindered(workshop, batchId, {
      hinder: () => {
        rmSync(out, { recursive: true });
        writeFileSync(out, '');
      },
      help: (runner) => runner.pause('stopped by a test'),
    });
    expect([state, told.length]).toEqual(['paused', 1]);
    expect(await workshop.jobs.batch(batchId)).toMatchObject({ reason: 'stopped by a test' });
    expect(Object.values(await journaled(workshop, batchId))).toEqual(['done', 'queued', 'queued', 'queued']);
    await rm(out);
    await mkdir(out);
    expect((await work(workshop, batchId)).state).toBe('done');
    expect(await filesIn(out)).toEqual(RESULTS.slice(1));
  });

  it('is waited for no longer when another program cancels the batch', async () => {
    const root = await pictures(...NAMES);
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    const { state } = await hindered(workshop, batchId, {
      hinder: () => rmSync(join(root, 'out'), { recursive: true }),
      help: () => workshop.jobs.setBatchState(batchId, 'cancelled', 'not wanted any more'),
    });
    expect(state).toBe('cancelled');
    expect(Object.values(await journaled(workshop, batchId))).toEqual([
      'done',
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
  });
});

describe('an engine that cannot be kept running', () => {
  it('pauses the batch in words and fails no file, and the batch can be gone on with', async () => {
    const root = await pictures(...NAMES);
    const workshop = await openWorkshop({ deaths: 1 });
    const batchId = await queue(root, workshop);
    const engines = [workshop.engine.pid];
    const told: (string | undefined)[] = [];
    const { state, events } = await work(workshop, batchId, {
      inFlight: 3,
      onFile: () => {
        // Once only: afterwards there is no engine, and no process of its own to kill.
        if (engines.length > 0) process.kill(engines.pop() ?? Number.NaN, 'SIGKILL');
      },
      onObstacle: (reason) => told.push(reason),
    });
    const reason =
      'The engine cannot be kept running: it was ended by SIGKILL. ' +
      "See what 'enlarger doctor' says, start Enlarger again, or install it again. " +
      'What is left of the batch waits until it is resumed.';
    expect([state, told]).toEqual(['paused', [reason]]);
    expect(await workshop.jobs.batch(batchId)).toMatchObject({ state: 'paused', reason });
    expect(Object.values(await journaled(workshop, batchId))).toEqual(NAMES.map(() => 'queued'));
    expect(events.map(({ state }) => state)).not.toContain('failed');
    workshop.engine.reset();
    expect((await work(workshop, batchId)).state).toBe('done');
    expect(await filesIn(join(root, 'out'))).toEqual(RESULTS);
  });
});

/** Mounts a file system of `size` at a folder of its own, or skips the test where that is not allowed. */
async function smallDisk({ skip }: TestContext, ...options: string[]): Promise<string> {
  const folder = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', ['size=1m', ...options].join(), 'none', folder], {
      stdio: 'ignore',
    });
  } catch {
    skip('a small disk cannot be mounted here (Linux, as root)');
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
  });
  return folder;
}

function mountAgain(folder: string, options: string): void {
  execFileSync('mount', ['-o', `remount,${options}`, folder]);
}

/** Takes what room is left on the disk of `folder`. */
function fill(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'others'), new Uint8Array(bavail * bsize));
}

describe('a disk', () => {
  it('that is full is waited for, and nothing lies half-written on it', async (test) => {
    const root = await pictures(...NAMES);
    const out = await smallDisk(test);
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop, { out });
    let meanwhile: string[] = [];
    const { state, told, paused, events } = await hindered(workshop, batchId, {
      hinder: () => fill(out),
      help: async () => {
        meanwhile = await filesIn(out);
        mountAgain(out, 'size=200m');
      },
    });
    expect(told).toEqual([
      expect.stringMatching(
        /: the disk is full\. Make room and run again\. Work goes on by itself as soon as/,
      ),
      undefined,
    ]);
    expect(paused).toEqual([{ state: 'paused', reason: told[0] }]);
    expect(meanwhile).toEqual(['a-x2.jpg', 'others']);
    expect([state, endings(events)]).toEqual(['done', NAMES.map((name) => [name, 'done'])]);
    expect(await filesIn(out)).toEqual([...RESULTS, 'others'].sort());
  });

  it('that may only be read any more is waited for', async (test) => {
    const root = await pictures(...NAMES);
    const out = await smallDisk(test);
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop, { out });
    const { state, told } = await hindered(workshop, batchId, {
      hinder: () => mountAgain(out, 'ro'),
      help: () => mountAgain(out, 'rw'),
    });
    expect([state, told]).toEqual([
      'done',
      [expect.stringContaining('the output folder is gone or cannot be written to'), undefined],
    ]);
    expect(await filesIn(out)).toEqual(RESULTS);
  });
});

describe('obstacleIn', () => {
  const trouble = new EnlargerError('decode-failed', '/in/a.jpg: cannot be read.');

  it('takes a file that fails by itself for no obstacle, and leaves no trace of having tried', async () => {
    const out = await temporaryFolder();
    expect(await obstacleIn(trouble, { out, others: [] }, 1)).toBeUndefined();
    expect(await readdir(out)).toEqual([]);
  });

  it('waits till every disk that is written to has room', async () => {
    const out = await temporaryFolder();
    const full = new EnlargerError('disk-full', '/out/a.jpg: the disk is full.');
    const gone = async (bytes: number) =>
      (await obstacleIn(full, { out, others: [join(out, 'not', 'there')] }, bytes))?.isGone?.();
    expect([await gone(1), await gone(1e18)]).toEqual([true, false]);
  });
});
