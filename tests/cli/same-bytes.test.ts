import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPicture, temporaryFolder, writePicture } from '../support/pictures.ts';
import { enlarger, linesOf, snapshot } from './support.ts';

interface Result {
  tiles: number;
  sha256: string;
}

/** Enlarges `root` into `out`; resolves to the SHA-256 of every file there, and to what was said of them. */
async function enhance(root: string, out: string, ...args: string[]) {
  const { exit, stdout } = await enlarger([
    'enhance',
    root,
    '--out',
    out,
    '--json',
    '--variant',
    'fp32',
    ...args,
  ]);
  const lines = linesOf(stdout);
  const results = lines.flatMap(({ result, target = '' }) =>
    result ? [[target.slice(out.length + 1), result as Result] as const] : [],
  );
  const { report } = lines.at(-1) as { report?: { scheduler: { completed: number } } };
  const written = Object.entries(await snapshot(out)).map(([name, [sha256]]) => [name, sha256] as const);
  return {
    exit,
    written: Object.fromEntries(written),
    told: Object.fromEntries(results.map(([name, { sha256 }]) => [name, sha256])),
    tiles: results.reduce((sum, [, { tiles }]) => sum + tiles, 0),
    computed: report?.scheduler.completed,
  };
}

async function pictures(): Promise<string> {
  const root = await temporaryFolder();
  await writePicture(join(root, 'a.jpg'), { width: 150, height: 130 });
  await writePicture(join(root, 'b.png'), { width: 131, height: 60, bands: 4 });
  await writePicture(join(root, 'c.tiff'), { width: 90, height: 110, deep: true });
  await writePicture(join(root, 'd.webp'), { width: 48, height: 49 });
  return root;
}

describe('the bytes of the results', () => {
  it('are the same for any number of workers and one step at a time, and what was said of them is true', async () => {
    const root = await pictures();
    const ways = [
      ['--workers', '1'],
      ['--workers', '2'],
      ['--workers', '3', '--sequential'],
    ];
    const runs = [];
    for (const way of ways) runs.push(await enhance(root, await temporaryFolder(), '--tile', '48', ...way));
    const [first, ...others] = runs;
    // 4×3, 3×2, 2×3 and 1×2 tiles of at most 48 pixels a side.
    expect(first).toMatchObject({ exit: 0, tiles: 26, computed: 26 });
    expect(Object.keys(first?.written ?? {})).toHaveLength(4);
    expect(first?.told).toEqual(first?.written);
    expect(others).toEqual([first, first]);
  });

  it('--tile changes how many tiles there are, and no pixel by more than one step', async () => {
    const root = await pictures();
    const [tiles, pixels] = [[] as number[], [] as number[][]];
    for (const tile of ['48', '256']) {
      const out = await temporaryFolder();
      tiles.push((await enhance(root, out, '--tile', tile)).tiles);
      pixels.push(Array.from((await readPicture(join(out, 'b-x2.png'))).data));
    }
    const [small = [], large = []] = pixels;
    const steps = small.map((value, index) => Math.abs(value - (large[index] ?? Number.NaN)));
    expect([tiles, small.length, large.length]).toEqual([[26, 4], 262 * 120 * 4, 262 * 120 * 4]);
    expect(steps.reduce((largest, step) => Math.max(largest, step))).toBeLessThanOrEqual(1);
  });
});
