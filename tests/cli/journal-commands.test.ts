import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openJournal } from '../../src/cli/batches/workshop.ts';
import { type EnhanceOptions, enhance as enhanceNow } from '../../src/cli/enhance/enhance.ts';
import { JsonLines } from '../../src/cli/output/json-lines.ts';
import { planSchema } from '../../src/shared/plan.ts';
import { temporaryFolder, writePicture } from '../support/pictures.ts';
import { command } from './in-process.ts';
import { filesIn, type Line, linesOf, linesOfRunning, makePictures, QUICK, start } from './support.ts';

/** Everything that is done with batches of the journal, each test with a journal of its own. */

beforeEach(async () => {
  vi.stubEnv('ENLARGER_HOME', await temporaryFolder());
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const enhance = (root: string, ...args: string[]) =>
  command('enhance', join(root, 'in'), '--out', join(root, 'out'), ...QUICK, '--workers', '1', ...args);

const linesIn = (written: string) => written.trimEnd().split('\n');

/** A batch of `a.jpg`, done, and `b.jpg`, for whose result there was a file where its folder must be. */
async function halfDone() {
  const root = await makePictures(['a.jpg']);
  await mkdir(join(root, 'in', 'sub'));
  await writePicture(join(root, 'in', 'sub', 'b.jpg'));
  await mkdir(join(root, 'out'));
  await writeFile(join(root, 'out', 'sub'), 'in the way');
  await enhance(root, '--recursive');
  return { root, mend: () => rm(join(root, 'out', 'sub')) };
}

/** A batch of which nothing was begun: it was called off while it was prepared. `say` gets what `--json` says. */
async function interruptedAtOnce(root: string, say: (line: string) => void = () => {}): Promise<void> {
  const options: EnhanceOptions = {
    inputs: [join(root, 'in')],
    out: join(root, 'out'),
    model: 'photo-x2',
    scale: undefined,
    variant: 'fp32',
    device: 'cpu',
    format: 'keep',
    quality: undefined,
    removeGps: false,
    name: '{name}-x{scale}',
    onCollision: 'skip',
    recursive: false,
    ...{ workers: 1, threads: 1, tile: 64, sequential: false, memoryBudget: 64e6 },
  };
  await enhanceNow(options, new JsonLines(say), AbortSignal.abort());
}

/** Does something with the journal that no command does. */
async function inJournal<T>(work: (jobs: Awaited<ReturnType<typeof openJournal>>['jobs']) => Promise<T>) {
  await using journal = await openJournal(() => {});
  return await work(journal.jobs);
}

describe('jobs', () => {
  it('lists batches, newest first, and their files', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    await enhance(root);
    await writePicture(join(root, 'in', 'c.jpg'));
    await writeFile(join(root, 'in', 'letter.jpg'), 'Dear Ansel,');
    await enhance(root);
    const { exits, written } = await command('jobs');
    const out = join(root, 'out');
    const when = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
    expect(exits).toEqual([0]);
    expect(linesIn(written)).toEqual([
      expect.stringMatching(
        new RegExp(`^   2  ${when}  partial    c\\.jpg and 3 more → ${out}: 1 done, 1 failed, 2 skipped$`),
      ),
      expect.stringMatching(new RegExp(`^   1  ${when}  done       a\\.jpg and 1 more → ${out}: 2 done$`)),
    ]);
    expect(linesIn((await command('jobs', '2')).written)).toEqual([
      `done       ${join(root, 'in', 'c.jpg')} → ${join(out, 'c-x2.jpg')}`,
      `skipped    ${join(root, 'in', 'a.jpg')}: done before`,
      `skipped    ${join(root, 'in', 'b.jpg')}: done before`,
      expect.stringMatching(/^failed {5}.*letter\.jpg: .*letter\.jpg: not a picture Enlarger can read/),
    ]);
  });

  it('finds, limits, and writes JSON', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    await enhance(root);
    const found = await command('jobs', '1', '--search', 'B.JPG', '--json');
    expect(linesOf(found.written)).toMatchObject([{ state: 'done', source: join(root, 'in', 'b.jpg') }]);
    expect((await command('jobs', '--search', 'nowhere')).written).toBe('');
    expect(linesIn((await command('jobs', '1', '--limit', '1')).written)).toHaveLength(1);
    expect(linesOf((await command('jobs', '--json')).written)).toMatchObject([
      { id: 1, state: 'done', shell: 'cli', files: { done: 2 } },
    ]);
  });

  it('says why a batch waits, and which of its files were told to', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    await interruptedAtOnce(root);
    await inJournal(async (jobs) => {
      const [file] = await jobs.files(1);
      await jobs.pauseFiles([file?.id ?? 0]);
    });
    expect((await command('jobs')).written).toMatch(/paused {5}.* 2 queued \(stopped by the user\)\n$/);
    expect(linesIn((await command('jobs', '1')).written)).toEqual([
      `paused     ${join(root, 'in', 'a.jpg')}`,
      `queued     ${join(root, 'in', 'b.jpg')}`,
    ]);
  });

  it('clear forgets batches that have ended, these or all', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    await enhance(root);
    await enhance(root);
    expect((await command('jobs', 'clear', '1')).written).toBe('1 batch forgotten\n');
    expect(linesOf((await command('jobs', '--json')).written)).toMatchObject([{ id: 2 }]);
    expect((await command('jobs', 'clear')).written).toBe('1 batch forgotten\n');
    expect((await command('jobs', 'clear')).written).toBe('0 batches forgotten\n');
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'b-x2.jpg']);
    await expect(command('jobs', '1')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('tells of a journal that was broken', async () => {
    await writeFile(join(String(process.env.ENLARGER_HOME), 'journal.db'), 'x'.repeat(5_000));
    expect((await command('jobs')).written).toMatch(/^! .*journal\.db: .* a new one has begun: .*\n$/);
  });
});

describe('resume', () => {
  it('does what waits, of one batch or of all', async () => {
    const roots = [
      await makePictures(['a.jpg']),
      await makePictures(['b.jpg']),
      await makePictures(['c.jpg']),
    ];
    for (const root of roots) await interruptedAtOnce(root);
    const one = await command('resume', '2', '--workers', '1');
    expect(one).toEqual({
      exits: [0],
      written: expect.stringMatching(
        /^Enlarging 1 picture with photo-x2 \(fp32\)\n✓ .*b-x2\.jpg .*\n1 done in/,
      ),
    });
    const all = await command('resume', '--json', '--sequential');
    expect([all.exits, linesOf(all.written).at(-1)]).toMatchObject([[0], { done: 2, failed: 0 }]);
    for (const root of roots) expect(await filesIn(join(root, 'out'))).toHaveLength(1);
  });

  it('begins with a line for each batch, in the shape of that of enhance', async () => {
    const roots = [await makePictures(['a.jpg', 'b.jpg']), await makePictures(['c.jpg'])] as const;
    const said: string[] = [];
    for (const root of roots) await interruptedAtOnce(root, (line) => said.push(line));
    const resumed = linesOf((await command('resume', '--json', '--workers', '1')).written);
    const [starts, again] = [linesOf(said.join('')), resumed].map((lines) => lines.filter(isStart));
    expect(starts).toMatchObject([
      { batch: 1, files: 2, out: join(roots[0], 'out') },
      { batch: 2, files: 1, out: join(roots[1], 'out') },
    ]);
    expect(again).toEqual(starts);
    const order = resumed.filter((line) => isStart(line) || line.state === 'done');
    expect(order.map(({ event }) => event)).toEqual(['start', 'file', 'file', 'start', 'file']);
  });

  it('of a batch of which only paused files are left does those', async () => {
    const root = await makePictures(['a.jpg']);
    await interruptedAtOnce(root);
    await inJournal(async (jobs) => {
      const [file] = await jobs.files(1);
      await jobs.setBatchState(1, 'queued');
      await jobs.pauseFiles([file?.id ?? 0]);
      await jobs.settle(1);
    });
    expect((await command('jobs')).written).toMatch(/ 1 queued \(every file that is left is paused\)\n$/);
    expect(await command('resume', '--workers', '1')).toMatchObject({ exits: [0] });
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg']);
  });

  it('refuses where nothing waits', async () => {
    await halfDone();
    const refusals: [words: string[], code: string, message: string][] = [
      [[], 'not-found', 'Nothing was interrupted: every batch is at its end.'],
      [['1'], 'bad-argument', "Batch 1 is at its end (partial). 'enlarger retry 1' does again what failed."],
      [['9'], 'not-found', 'There is no batch 9. It may have been cleared.'],
    ];
    for (const [words, code, message] of refusals) {
      await expect(command('resume', ...words)).rejects.toMatchObject({ code, message });
    }
  });
});

describe('retry', () => {
  it('does again what failed, once the reason is gone', async () => {
    const { root, mend } = await halfDone();
    const again = await command('retry', '--workers', '1');
    expect(again).toEqual({
      exits: [3],
      written: expect.stringMatching(/^Enlarging 1 picture .*\n✗ .*b\.jpg: .*\n0 done, 1 failed/),
    });
    await mend();
    expect(await command('retry', '1')).toMatchObject({ exits: [0] });
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', join('sub', 'b-x2.jpg')]);
    await expect(command('retry', '1')).rejects.toMatchObject({
      code: 'not-found',
      message: 'Batch 1 has no files to try again.',
    });
    await expect(command('retry')).rejects.toMatchObject({
      code: 'not-found',
      message: 'No batch has files to try again.',
    });
  });

  it('begins with a line in the shape of that of enhance', async () => {
    const { root, mend } = await halfDone();
    await mend();
    const [first] = linesOf((await command('retry', '--json', '--workers', '1')).written);
    const out = join(root, 'out');
    expect(first).toEqual({ event: 'start', batch: 1, out, plan: expect.anything(), files: 1 });
    expect(planSchema.parse(first?.plan)).toMatchObject({ modelId: 'photo-x2' });
  });

  it('does what was cancelled only when asked to', async () => {
    const root = await makePictures(['a.jpg']);
    await interruptedAtOnce(root);
    await command('cancel', '1');
    await expect(command('retry')).rejects.toMatchObject({ code: 'not-found' });
    expect(await command('retry', '--cancelled')).toMatchObject({ exits: [0] });
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg']);
  });
});

describe('pause and cancel', () => {
  it('say what the batch is now, and that what is over is over', async () => {
    await interruptedAtOnce(await makePictures(['a.jpg']));
    expect((await command('pause', '1')).written).toBe('Batch 1 is paused.\n');
    expect((await command('cancel', '1')).written).toBe('Batch 1 is cancelled.\n');
    await expect(command('pause', '1')).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(command('cancel', '9')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('reach a batch that another program is working on', async () => {
    const root = await makePictures([]);
    for (const name of ['a.jpg', 'b.jpg']) {
      // Large enough not to be done before the other program is heard.
      await writePicture(join(root, 'in', name), { width: 1_400, height: 1_200 });
    }
    const child = start(['enhance', 'in', '--out', 'out', '--json', ...QUICK, '--workers', '1'], {
      cwd: root,
    });
    const closed = once(child, 'close');
    const lines: Line[] = [];
    for await (const line of linesOfRunning(child.stdout)) {
      lines.push(line);
      if (line.event === 'progress' && line.tilesDone === 0) continue;
      if (line.event === 'progress' && !lines.slice(0, -1).some(isMoving)) await command('pause', '1');
    }
    expect(await closed).toEqual([3, null]);
    expect(lines.at(-2)).toEqual({ event: 'interrupted', batch: 1 });
    expect(lines.at(-1)).toMatchObject({ done: 0, cancelled: 2, failed: 0 });
    expect(await filesIn(join(root, 'out'))).toEqual([]);
  });
});

const isStart = ({ event }: Line) => event === 'start';
const isMoving = ({ event, tilesDone }: Line) => event === 'progress' && tilesDone !== 0;
