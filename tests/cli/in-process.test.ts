import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type EnhanceOptions, enhance } from '../../src/cli/enhance/enhance.ts';
import { JsonLines } from '../../src/cli/output/json-lines.ts';
import { TerminalReporter } from '../../src/cli/output/terminal.ts';
import { collected, command } from './in-process.ts';
import { copyModels, flipBit } from './models/models-copy.ts';
import { filesIn, linesOf, makePictures } from './support.ts';

/** The same functions that the program calls, called here: its own process is beyond the coverage's sight. */

afterEach(() => {
  vi.unstubAllEnvs();
});

function optionsFor(root: string, change: Partial<EnhanceOptions> = {}): EnhanceOptions {
  return {
    inputs: [join(root, 'in')],
    out: join(root, 'out'),
    model: 'photo-x2',
    scale: undefined,
    variant: 'fp32',
    device: 'cpu',
    format: 'keep',
    quality: undefined,
    removeGps: false,
    name: '{name}',
    onCollision: 'skip',
    recursive: false,
    workers: 1,
    threads: 1,
    tile: 32,
    sequential: false,
    memoryBudget: 64e6,
    ...change,
  };
}

/** Loads the program as its process does, with these words on its command line. */
async function program(...words: string[]) {
  const { argv, exitCode } = process;
  process.argv = [process.execPath, 'enlarger', ...words];
  vi.resetModules();
  try {
    const written = await collected(() => import('../../src/cli/index.ts'));
    return [process.exitCode, written];
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
  }
}

describe('the program', () => {
  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['bogus'], 2, /^✗ unknown command 'bogus'\nRun 'enlarger help enhance'/],
    [['enhance', 'in', '--out', 'out', '--model', 'nope'], 2, /^✗ There is no model 'nope'\./],
    [['models'], 3, /^✗ .*nowhere: the models cannot be read/],
  ])('%j ends with %d', async (words, code, written) => {
    if (code === 3) vi.stubEnv('ENLARGER_MODELS', 'nowhere');
    expect(await program(...words)).toEqual([code, expect.stringMatching(written)]);
  });
});

describe('enhance', () => {
  it.each([false, true])(
    'tells its reporter what it does and gives the exit code (sequential: %s)',
    async (sequential) => {
      const root = await makePictures(['a.jpg', 'b.jpg']);
      await writeFile(join(root, 'in', 'c.jpg'), 'not a picture');
      const written: string[] = [];
      const reporter = new JsonLines((line) => written.push(line));
      const code = await enhance(optionsFor(root, { sequential }), reporter, new AbortController().signal);
      expect(code).toBe(1);
      expect(linesOf(written.join('')).at(-1)).toMatchObject({
        done: 2,
        failed: 1,
        report: { pool: { inUse: 0 } },
      });
      expect(await filesIn(join(root, 'out'))).toEqual(['a.jpg', 'b.jpg']);
    },
  );

  it('with auto measures first, and does nothing that was called off', async () => {
    const root = await makePictures(['a.jpg']);
    const written: string[] = [];
    const reporter = new TerminalReporter({ write: (text) => written.push(text), columns: undefined });
    const options = optionsFor(root, { model: 'photo-x4', variant: 'auto' });
    expect(await enhance(options, reporter, AbortSignal.abort())).toBe(3);
    expect(written.join('')).toMatch(
      /^Enlarging 1 picture with photo-x4 \((int8|fp32)\)\n– Stopped\. 'enlarger resume \d+' goes on with it\.\n0 done, 1 cancelled in \d+ s\n$/,
    );
    expect(await filesIn(join(root, 'out'))).toEqual([]);
  });

  it('gives up for good what cannot be done at all', async () => {
    const root = await makePictures(['a.jpg']);
    const reporter = new JsonLines(() => {});
    const { signal } = new AbortController();
    await expect(enhance(optionsFor(root, { model: 'nope' }), reporter, signal)).rejects.toMatchObject({
      code: 'bad-argument',
    });
    await expect(
      enhance(optionsFor(root, { out: join(root, 'in', 'a.jpg') }), reporter, signal),
    ).rejects.toMatchObject({ code: 'permission-denied' });
  });
});

describe('the commands', () => {
  it('enhance', async () => {
    const root = await makePictures(['a.jpg']);
    const args = [join(root, 'in'), '--out', join(root, 'out'), '--variant', 'fp32', '--tile', '32'];
    const words = await command('enhance', ...args, '--quality', '80', '--memory-budget', '100MB');
    const json = await command('enhance', ...args, '--json');
    expect(words).toEqual({ exits: [0], written: expect.stringMatching(/✓ .*a-x2\.jpg {2}74×58/) });
    expect([json.exits, linesOf(json.written).at(-1)]).toMatchObject([[0], { event: 'summary', skipped: 1 }]);
  });

  it('leave the signals as they found them', async () => {
    const root = await makePictures([]);
    const listening = () => ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal));
    const before = listening();
    await command('enhance', join(root, 'in'), '--out', join(root, 'out'), '--variant', 'fp32');
    await expect(command('enhance', root, '--out', root, '--model', 'nope')).rejects.toThrow(
      "no model 'nope'",
    );
    expect(listening()).toEqual(before);
  });

  it('models', async () => {
    const models = await copyModels();
    await writeFile(join(models, 'photo-x2', 'manifest.json'), '{}');
    vi.stubEnv('ENLARGER_MODELS', models);
    expect([await command('models'), await command('models', '--json')]).toEqual([
      { exits: [1], written: expect.stringMatching(/^photo-x4 .*✗ .*manifest\.json/ms) },
      {
        exits: [1],
        written: expect.stringMatching(/^\{"formatVersion":1,"id":"photo-x4",.*✗ .*manifest\.json/ms),
      },
    ]);
  });

  it('doctor', async () => {
    const models = await copyModels();
    await flipBit(join(models, 'photo-x4', 'photo-x4.int8.onnx'));
    vi.stubEnv('ENLARGER_MODELS', models);
    const { exits, written } = await command('doctor');
    expect([exits, written]).toEqual([
      [1],
      expect.stringMatching(/✓ photo-x2 .*✗ photo-x4 .*✓ cpu {7}.+: works/s),
    ]);
  });
});
