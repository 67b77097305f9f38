import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProcessMemoryReader, processBytes, usedMemory } from '../../../src/main/metrics/memory-reading.ts';
import {
  type ProcessorReading,
  processorShares,
  readProcessor,
} from '../../../src/main/metrics/processor-meter.ts';

const onLinux = process.platform === 'linux';
const NEEDS_PROC = 'tells of other processes on Linux only';

async function busyChild(): Promise<number> {
  const child = fork(fileURLToPath(new URL('./busy-child.ts', import.meta.url)), { execArgv: [] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child, 'message');
  return child.pid as number;
}

describe.skipIf(!onLinux)(`a real process (${NEEDS_PROC})`, () => {
  it('that computes is seen computing, as part of all that computes', async () => {
    const pid = await busyChild();
    const before = await readProcessor([pid]);
    // The reading itself is what is waited for: until the child has computed a while.
    let now = before;
    const computed = (reading: ProcessorReading) => reading.ours.get(pid) ?? Number.NaN;
    while (computed(now) - computed(before) < 100) now = await readProcessor([pid]);
    const { busy, ours, cores } = processorShares(before, now);
    expect(cores).toBeGreaterThan(0);
    expect(ours).toBeGreaterThan(0);
    expect(ours).toBeLessThanOrEqual(1);
    expect(busy).toBeGreaterThan(0);
    expect(busy).toBeLessThanOrEqual(1);
  });

  it('has memory, and none once it is gone', async () => {
    const pid = await busyChild();
    const reader = new ProcessMemoryReader();
    const [main, child, gone] = await reader.read([
      { role: 'main', pid: process.pid },
      { role: 'engine', pid },
      { role: 'engine', pid: 2 ** 22 + 1 },
    ]);
    expect(main?.bytes).toBeGreaterThan(10e6);
    expect(child).toEqual({ role: 'engine', pid, bytes: expect.any(Number) });
    // A process of Node's own, and far less than this one and it together.
    expect(child?.bytes).toBeGreaterThan(5e6);
    expect(gone?.bytes).toBeNull();
    expect(await processBytes(2 ** 22 + 1)).toBeUndefined();
  });

  it('that nobody can see makes our share unknown, and no other', async () => {
    const pids = [2 ** 22 + 1];
    const before = await readProcessor(pids);
    let now = await readProcessor(pids);
    while (now.all && before.all && now.all.busy + now.all.idle === before.all.busy + before.all.idle) {
      now = await readProcessor(pids);
    }
    const shares = processorShares(before, now);
    expect(shares.ours).toBeNull();
    expect(shares.busy).not.toBeNull();
  });
});

describe('processorShares', () => {
  const reading = (at: number, change: Partial<ProcessorReading> = {}): ProcessorReading => ({
    at,
    cores: 4,
    all: { busy: at, idle: 3 * at },
    ours: new Map([[1, at * 2]]),
    ...change,
  });
  it.each<[string, ProcessorReading | undefined, ProcessorReading, ReturnType<typeof processorShares>]>([
    ['two readings', reading(1000), reading(2000), { busy: 0.25, ours: 0.5, cores: 4 }],
    ['the first reading', undefined, reading(1000), { busy: null, ours: null, cores: 4 }],
    ['no time between', reading(1000), reading(1000), { busy: null, ours: null, cores: 4 }],
    [
      'a system that does not say',
      reading(0),
      reading(9, { all: undefined }),
      { busy: null, ours: 0.5, cores: 4 },
    ],
    [
      'a process that began in between',
      reading(1000),
      reading(2000, {
        ours: new Map([
          [1, 4000],
          [2, 500],
        ]),
      }),
      { busy: 0.25, ours: 0.5, cores: 4 },
    ],
    [
      'a process that ended, and whose id another has',
      reading(1000, {
        ours: new Map([
          [1, 2000],
          [2, 500],
        ]),
      }),
      reading(2000, {
        ours: new Map([
          [1, 4000],
          [2, 10],
        ]),
      }),
      { busy: 0.25, ours: 0.5, cores: 4 },
    ],
    [
      'clocks that do not agree',
      reading(1000),
      reading(1100, { all: { busy: 900, idle: 3300 }, ours: new Map([[1, 9000]]) }),
      { busy: 0, ours: 1, cores: 4 },
    ],
  ])('%s', (_, before, now, shares) => {
    expect(processorShares(before, now)).toEqual(shares);
  });
});

it('the machine uses some of its memory', async () => {
  const used = await usedMemory(Number.MAX_SAFE_INTEGER);
  expect(used).toBeGreaterThan(0);
});
