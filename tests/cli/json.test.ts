import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planSchema } from '../../src/shared/plan.ts';
import { writePicture } from '../support/pictures.ts';
import { enlarger, linesOf, makePictures, QUICK, sha256Of } from './support.ts';

describe('--json', () => {
  it('is a start, what became of each file, and a summary last', async () => {
    const root = await makePictures(['a.jpg', 'b.png']);
    await writeFile(join(root, 'in', 'letter.jpg'), 'Dear Ansel,');
    const args = ['enhance', 'in', '--out', 'out', '--json', ...QUICK];
    const { exit, stdout, stderr } = await enlarger(args, { cwd: root });
    const lines = linesOf(stdout);
    const [first, last] = [lines[0], lines.at(-1)];
    const files = lines.filter(({ event }) => event === 'file');
    const [a, b, letter] = ['a.jpg', 'b.png', 'letter.jpg'].map((name) => join(root, 'in', name));
    const between = lines.slice(1, -1).filter(({ event }) => event !== 'progress');
    expect([exit, stderr, files]).toEqual([1, '', between]);
    expect(first).toEqual({
      ...{
        event: 'start',
        batch: expect.any(Number),
        out: join(root, 'out'),
        plan: expect.anything(),
        files: 2,
      },
    });
    expect(planSchema.parse(first?.plan)).toMatchObject({
      modelId: 'photo-x2',
      tile: { width: 64, height: 64 },
    });
    expect(files.map(({ state, source }) => [state, source]).sort()).toEqual([
      ['done', a],
      ['done', b],
      ['failed', letter],
      ['started', a],
      ['started', b],
    ]);
    expect(files.find(({ state }) => state === 'failed')).toEqual({
      event: 'file',
      state: 'failed',
      source: letter,
      error: { code: 'unsupported-format', message: expect.stringContaining(`${letter}: `), file: letter },
    });
    expect(last).toMatchObject({
      event: 'summary',
      done: 2,
      failed: 1,
      skipped: 0,
      cancelled: 0,
      exitCode: 1,
    });
    expect(last?.megapixels).toBeCloseTo((2 * 37 * 29) / 1e6, 9);
  });

  it('says of each result what was written', async () => {
    const root = await makePictures(['a.jpg']);
    const { stdout } = await enlarger(['enhance', 'in', '--out', 'out', '--json', ...QUICK], { cwd: root });
    const done = linesOf(stdout).find(({ state }) => state === 'done');
    const bytes = await readFile(join(root, 'out', 'a-x2.jpg'));
    expect(done).toMatchObject({
      target: join(root, 'out', 'a-x2.jpg'),
      result: {
        width: 74,
        height: 58,
        bytes: bytes.length,
        sha256: sha256Of(bytes),
        variant: 'fp32',
        tiles: 1,
      },
    });
  });

  it('goes on about the progress, and never backwards', async () => {
    const root = await makePictures([]);
    await writePicture(join(root, 'in', 'large.jpg'), { width: 700, height: 600 });
    await writePicture(join(root, 'in', 'small.jpg'));
    const args = ['enhance', 'in', '--out', 'out', '--json', '--workers', '1', ...QUICK];
    const lines = linesOf((await enlarger(args, { cwd: root })).stdout);
    const progress = lines.filter(({ event }) => event === 'progress');
    const tiles = progress.map(({ tilesDone }) => tilesDone as number);
    expect(new Set(progress.map(({ filesTotal, tilesTotal }) => `${filesTotal} ${tilesTotal}`))).toEqual(
      new Set(['2 111']),
    );
    expect(tiles).toEqual([...tiles].sort((a, b) => a - b));
    expect(tiles.some((count) => count > 0 && count < 111)).toBe(true);
    expect(progress.map(({ millisecondsLeft }) => typeof millisecondsLeft)).not.toContain('undefined');
  });

  it('reports what was skipped before the start', async () => {
    const root = await makePictures(['a.jpg']);
    const args = ['enhance', 'in', '--out', 'out', '--json', ...QUICK];
    await enlarger(args, { cwd: root });
    const { exit, stdout } = await enlarger(args, { cwd: root });
    expect([exit, linesOf(stdout)]).toMatchObject([
      0,
      [
        { event: 'start', files: 0 },
        {
          event: 'file',
          state: 'skipped',
          source: join(root, 'in', 'a.jpg'),
          target: join(root, 'out', 'a-x2.jpg'),
          reason: 'done before',
        },
        { event: 'summary', done: 0, skipped: 1, exitCode: 0 },
      ],
    ]);
  });
});
