import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { progressLine, TerminalReporter } from '../../src/cli/output/terminal.ts';
import { EnlargerError } from '../../src/shared/errors.ts';
import { beginningOf, fileAt, makeUpFiles, RESULT } from './made-up-batch.ts';

const FILE = fileAt(makeUpFiles([200, 100]), 0);
const SUMMARY = {
  exitCode: 0,
  milliseconds: 4_000,
  megapixels: 0.02,
  copiedPerResultByte: 2.5,
  report: undefined,
};
const NOTHING = { done: 0, failed: 0, skipped: 0, cancelled: 0 };
const PROGRESS = {
  filesDone: 1,
  filesTotal: 2,
  tilesDone: 1,
  tilesTotal: 3,
  megapixelsPerSecond: 1.234,
  millisecondsLeft: 65_000,
};
const BAR = `${'█'.repeat(8)}${'░'.repeat(16)}  1/2 files  1/3 tiles  1.23 MP/s  1 min 5 s left`;

/** A reporter for a terminal of so many columns (none: a file or pipe), and what it has written. */
function reporterOf(columns?: number): { reporter: TerminalReporter; written: () => string } {
  const parts: string[] = [];
  const reporter = new TerminalReporter({ write: (text) => parts.push(text), columns });
  return { reporter, written: () => parts.join('') };
}

describe('for a file or a pipe', () => {
  it('the start says what is refused, what is there, and what is to be done', () => {
    const { reporter, written } = reporterOf();
    const left = (name: string, reason: string) => ({
      source: `/in/${name}`,
      target: `/out/${name}`,
      reason,
    });
    reporter.started(beginningOf(2));
    reporter.started(
      beginningOf(1, {
        skipped: [
          left('a', 'done before'),
          left('c', 'another picture of that name is there'),
          left('d', 'done before'),
        ],
        refused: [new EnlargerError('not-found', '/in/b.jpg: there is no such file or folder.')],
      }),
    );
    reporter.started(beginningOf(0));
    // Nobody has looked for pictures when a batch is gone on with.
    reporter.started(beginningOf(0, { again: true }));
    expect(written().split('\n')).toEqual([
      'Enlarging 2 pictures with photo-x2 (int8)',
      '✗ /in/b.jpg: there is no such file or folder.',
      '– 2 pictures left out: done before',
      '– 1 picture left out: another picture of that name is there',
      'Enlarging 1 picture with photo-x2 (int8)',
      '– No pictures there. Folders inside folders are entered with --recursive.',
      '',
    ]);
  });

  it('each file has a line, and below it what is not as it was', () => {
    const { reporter, written } = reporterOf();
    const why = 'jpeg results have 8 bits a sample, and the source 16';
    const result = {
      ...RESULT,
      fidelity: [
        { what: 'exif', became: 'kept' } as const,
        { what: 'orientation', became: 'changed', why: 'the result is stored upright' } as const,
        { what: 'depth', became: 'changed', why } as const,
      ],
      notes: ['Written as jpeg: Enlarger does not write gif.'],
    };
    reporter.file({ state: 'started', file: FILE });
    reporter.file({ state: 'done', file: FILE, target: resolve('out', 'a (2).jpg'), result });
    reporter.file({
      state: 'failed',
      file: FILE,
      error: new EnlargerError('decode-failed', '/in/a: damaged.'),
    });
    reporter.file({ state: 'skipped', file: FILE, reason: 'another file of that name is there' });
    reporter.file({ state: 'cancelled', file: FILE });
    reporter.file({ state: 'retried', file: FILE, reason: 'it was ended by SIGSEGV' });
    expect(written().split('\n')).toEqual([
      `✓ ${join('out', 'a (2).jpg')}  400×200, 12 kB, 2 s`,
      `  depth changed: ${why}`,
      '  Written as jpeg: Enlarger does not write gif.',
      '✗ /in/a: damaged.',
      `– ${join('out', '0-x2.jpg')}: another file of that name is there`,
      `↻ ${FILE.source}: is tried again (it was ended by SIGSEGV)`,
      '',
    ]);
  });

  it('what is about all of them has a line, too', () => {
    const { reporter, written } = reporterOf();
    reporter.warn('The journal was broken.');
    reporter.obstacle('/out: is gone.');
    reporter.obstacle(undefined);
    reporter.interrupted(7);
    expect(written().split('\n')).toEqual([
      '! The journal was broken.',
      '… /out: is gone.',
      '… Work goes on.',
      "– Stopped. 'enlarger resume 7' goes on with it.",
      '',
    ]);
  });

  it('there is no bar', () => {
    const { reporter, written } = reporterOf();
    reporter.progress(PROGRESS);
    expect(written()).toBe('');
  });

  it('the end counts what there was, and nothing else', () => {
    const { reporter, written } = reporterOf();
    reporter.finished({ ...SUMMARY, ...NOTHING, done: 2 });
    reporter.finished({ ...SUMMARY, ...NOTHING, done: 1, failed: 2, skipped: 3, cancelled: 4 });
    reporter.finished({ ...SUMMARY, ...NOTHING, failed: 1 });
    expect(written().split('\n')).toEqual([
      '2 done in 4 s (0.01 megapixels/s)',
      '1 done, 2 failed, 3 skipped, 4 cancelled in 4 s (0.01 megapixels/s)',
      '0 done, 1 failed in 4 s',
      '',
    ]);
  });
});

describe('for a terminal', () => {
  const erase = '\r\u001b[2K';

  it('the bar stays below the lines, and is gone at the end', () => {
    const { reporter, written } = reporterOf(120);
    reporter.progress(PROGRESS);
    reporter.file({ state: 'skipped', file: FILE, reason: 'another file of that name is there' });
    reporter.finished({ ...SUMMARY, ...NOTHING, skipped: 1 });
    expect(written().split('\n')).toEqual([
      `${erase}${BAR}${erase}– ${join('out', '0-x2.jpg')}: another file of that name is there`,
      `${BAR}${erase}0 done, 1 skipped in 4 s`,
      '',
    ]);
  });

  it('the bar never wraps', () => {
    const { reporter, written } = reporterOf(40);
    reporter.progress(PROGRESS);
    expect(written()).toBe(`${erase}${BAR.slice(0, 39)}`);
  });

  it('names cannot steer it', () => {
    const { reporter, written } = reporterOf();
    const message = '/in/\u001b]0;owned\u0007\u009b2J\nsecond line.jpg: damaged.';
    reporter.file({ state: 'failed', file: FILE, error: new EnlargerError('decode-failed', message) });
    expect(written()).toBe('✗ /in/\ufffd]0;owned\ufffd\ufffd2J\ufffdsecond line.jpg: damaged.\n');
  });
});

describe('progressLine', () => {
  it('says that it is still measuring', () => {
    const line = progressLine({
      ...PROGRESS,
      tilesDone: 0,
      megapixelsPerSecond: 0,
      millisecondsLeft: undefined,
    });
    expect(line).toBe(`${'░'.repeat(24)}  1/2 files  0/3 tiles  0.00 MP/s  time left: measuring`);
  });

  it.each([
    [2, 200, '1 s left'],
    [2, 90_000, '1 min 30 s left'],
    [3, 0, 'writing the last results'],
  ])('with %i of 3 tiles done and %i ms to go says: %s', (tilesDone, millisecondsLeft, said) => {
    const line = progressLine({ ...PROGRESS, tilesDone, tilesTotal: 3, millisecondsLeft });
    expect(line.split('  ').at(-1)).toBe(said);
  });

  it('has an empty bar without tiles and a full one at the end', () => {
    const bars = [[0, 0] as const, [3, 3] as const].map(([tilesDone, tilesTotal]) =>
      progressLine({ ...PROGRESS, tilesDone, tilesTotal }).slice(0, 24),
    );
    expect(bars).toEqual(['░'.repeat(24), '█'.repeat(24)]);
  });
});
