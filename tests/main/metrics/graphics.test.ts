import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAmd } from '../../../src/main/metrics/amd.ts';
import { GraphicsWatch } from '../../../src/main/metrics/graphics-watch.ts';
import { askNvidia, parseNvidia } from '../../../src/main/metrics/nvidia.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const MEBIBYTE = 2 ** 20;
const NO_CARDS = '/nowhere';

describe('parseNvidia', () => {
  it.each([
    [
      'two cards',
      'NVIDIA GeForce RTX 4090, 37, 1024, 24564\nNVIDIA H200, 100, 0, 143771\n',
      [
        {
          name: 'NVIDIA GeForce RTX 4090',
          busy: 0.37,
          memoryUsed: 1024 * MEBIBYTE,
          memoryTotal: 24564 * MEBIBYTE,
        },
        { name: 'NVIDIA H200', busy: 1, memoryUsed: 0, memoryTotal: 143771 * MEBIBYTE },
      ],
    ],
    [
      'a card that does not report',
      'GeForce GTX 770, [Not Supported], [N/A], 2004\n',
      [{ name: 'GeForce GTX 770', busy: null, memoryUsed: null, memoryTotal: 2004 * MEBIBYTE }],
    ],
    [
      'a name with a comma, and lines of Windows',
      'Card, the second, 5, 1, 2\r\n',
      [{ name: 'Card, the second', busy: 0.05, memoryUsed: MEBIBYTE, memoryTotal: 2 * MEBIBYTE }],
    ],
    [
      'more than all',
      'X, 101, 1, 2',
      [{ name: 'X', busy: 1, memoryUsed: MEBIBYTE, memoryTotal: 2 * MEBIBYTE }],
    ],
    [
      'a card in trouble',
      '[Unknown Error], ERR!, -1, 1e3',
      [{ name: '[Unknown Error]', busy: null, memoryUsed: null, memoryTotal: null }],
    ],
    ['no devices', 'No devices were found\n', []],
    ['nothing', '', []],
  ])('%s', (_, text, cards) => {
    expect(parseNvidia(text)).toEqual(cards);
  });
});

/** A program in the place of NVIDIA's; it notes each call in `calls`. */
async function program(lines: string): Promise<{ path: string; calls: () => Promise<number> }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'nvidia-smi');
  await writeFile(path, `#!/bin/sh\necho "$@" >> '${folder}/calls'\n${lines}\n`);
  await chmod(path, 0o755);
  const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n').length;
  return { path, calls };
}

describe.skipIf(process.platform === 'win32')('NVIDIA’s program (a shell script stands for it)', () => {
  it('is asked in the background, no more often than every two seconds', async () => {
    const { path, calls } = await program("echo 'NVIDIA H200, 50, 10, 20'");
    using watch = new GraphicsWatch({ program: path, cards: NO_CARDS });
    const start = performance.now();
    const first = watch.read(start);
    await watch.ask();
    expect(await first).toEqual([]);
    const card = { name: 'NVIDIA H200', busy: 0.5, memoryUsed: 10 * MEBIBYTE, memoryTotal: 20 * MEBIBYTE };
    expect(await watch.read(start + 1_000)).toEqual([card]);
    expect(await calls()).toBe(1);
    const second = watch.read(performance.now() + 2_000);
    await watch.ask();
    await second;
    expect(await calls()).toBe(2);
  });

  it('does not stand for a figure that is old', async () => {
    const { path } = await program("echo 'NVIDIA H200, 50, 10, 20'");
    using watch = new GraphicsWatch({ program: path, cards: NO_CARDS });
    await watch.ask();
    const stale = { name: 'NVIDIA H200', busy: null, memoryUsed: null, memoryTotal: 20 * MEBIBYTE };
    expect(await watch.read(performance.now() + 11_000)).toEqual([stale]);
  });

  it('that is not there is never looked for again', async () => {
    using watch = new GraphicsWatch({ program: '/nowhere/nvidia-smi', cards: NO_CARDS });
    expect(await askNvidia('/nowhere/nvidia-smi', new AbortController().signal)).toBe('missing');
    await watch.ask();
    expect(await watch.read(performance.now() + 1e9)).toEqual([]);
  });

  it('that has no driver is asked again much later', async () => {
    const { path, calls } = await program('echo failed; exit 9');
    using watch = new GraphicsWatch({ program: path, cards: NO_CARDS });
    await watch.ask();
    expect(await watch.read(performance.now() + 50_000)).toEqual([]);
    expect(await calls()).toBe(1);
  });

  it('that hangs is killed, and so is one that nobody wants any more', async () => {
    const { path } = await program('exec sleep 600');
    expect(await askNvidia(path, new AbortController().signal, 50)).toEqual([]);
    const watch = new GraphicsWatch({ program: path, cards: NO_CARDS });
    const asked = watch.ask();
    watch[Symbol.dispose]();
    await asked;
    expect(await watch.read(performance.now() + 1e9)).toEqual([]);
  });
});

it('AMD’s cards are those that their driver tells of', async () => {
  const cards = await temporaryFolder();
  const card = async (name: string, files: Record<string, string>) => {
    await mkdir(join(cards, name, 'device'), { recursive: true });
    for (const [file, text] of Object.entries(files))
      await writeFile(join(cards, name, 'device', file), text);
  };
  const figures = { gpu_busy_percent: '42\n', mem_info_vram_used: '1000\n', mem_info_vram_total: '4000\n' };
  await card('card0', { vendor: '0x1002\n', device: '0x73bf\n', ...figures });
  await card('card1', { vendor: '0x1002\n', device: '0x740c\n', product_name: 'AMD INSTINCT MI250\n' });
  await card('card2', { vendor: '0x8086\n', device: '0x1234\n' });
  await card('card0-DP-1', { vendor: '0x1002\n' });
  expect(await readAmd(cards)).toEqual([
    { name: 'AMD graphics 1002:73bf', busy: 0.42, memoryUsed: 1000, memoryTotal: 4000 },
    { name: 'AMD INSTINCT MI250', busy: null, memoryUsed: null, memoryTotal: null },
  ]);
  expect(await readAmd(NO_CARDS)).toEqual([]);
});
