import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchParent } from '../../src/engine/parent-watch.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A process with a parent, as it sees itself; what it would have killed is told. */
function child(parent: { ppid: number }) {
  const killed: number[] = [];
  const seen = {
    pid: 7,
    get ppid() {
      return parent.ppid;
    },
    kill: (pid: number, signal: 0 | 'SIGKILL') => {
      if (signal === 0) process.kill(pid, 0);
      else killed.push(pid);
    },
  };
  return { seen, killed };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

it('a process lives as long as its parent', async () => {
  const { seen, killed } = child({ ppid: process.pid });
  const stop = watchParent(process.pid, seen);
  await seconds(100);
  stop();
  expect(killed).toEqual([]);
});

it('a process that somebody else has taken over has time to end by itself, and is ended then', async () => {
  const parent = { ppid: process.pid };
  const { seen, killed } = child(parent);
  const stop = watchParent(process.pid, seen);
  parent.ppid = 1;
  await seconds(3);
  expect(killed).toEqual([]);
  await seconds(1);
  stop();
  expect(killed).toEqual([7]);
});

it('a parent that is gone is missed also where nobody takes its children over', async () => {
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(gone, 'exit');
  const { pid = 0 } = gone;
  const { seen, killed } = child({ ppid: pid });
  const stop = watchParent(pid, seen);
  await seconds(4);
  stop();
  expect(killed).toEqual([7]);
});

it("a parent that is somebody else's process is there", async () => {
  const { seen, killed } = child({ ppid: 3 });
  const forbidden = () => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  };
  const stop = watchParent(3, { ...seen, kill: forbidden });
  await seconds(10);
  stop();
  expect(killed).toEqual([]);
});
