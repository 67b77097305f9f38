import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ActiveJob, ActiveJobs } from '../../src/engine/active-jobs.ts';
import { jobFor } from '../support/engine.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const stateOf = ({ flag, signal }: ActiveJob) => ({
  flag: Atomics.load(new Int32Array(flag.buffer), flag.index),
  reason: signal.aborted ? signal.reason.code : undefined,
});

const IN_WORK = { flag: 0, reason: undefined };
const CANCELLED = { flag: 1, reason: 'cancelled' };

it('cancelling sets the flag before anybody hears of it', () => {
  const jobs = new ActiveJobs();
  const job = jobFor('/a.jpg');
  const active = jobs.begin(job);
  let heard: unknown;
  active.signal.addEventListener('abort', () => {
    heard = stateOf(active);
  });
  expect(stateOf(active)).toEqual(IN_WORK);
  jobs.cancel([job.jobId]);
  expect(heard).toEqual(CANCELLED);
});

it('cancels those named, or all', () => {
  const jobs = new ActiveJobs();
  const [a, b, c] = [jobFor('/a.jpg'), jobFor('/b.jpg'), jobFor('/c.jpg')];
  const active = [a, b, c].map((job) => jobs.begin(job));
  jobs.cancel([b.jobId, -1]);
  expect(active.map(stateOf)).toEqual([IN_WORK, CANCELLED, IN_WORK]);
  jobs.cancel();
  expect(active.map(stateOf)).toEqual([CANCELLED, CANCELLED, CANCELLED]);
});

it('a job that is over has no deadline, no flag, and its id is free', () => {
  const jobs = new ActiveJobs();
  const job = jobFor('/a.jpg', 'png', { deadline: 1_000 });
  {
    using active = jobs.begin(job);
    expect(stateOf(active)).toEqual(IN_WORK);
    expect(() => jobs.begin(job)).toThrow(`Job ${job.jobId} is in work already.`);
  }
  expect(vi.getTimerCount()).toBe(0);
  using again = jobs.begin(job);
  expect(stateOf(again)).toEqual(IN_WORK);
});

it('a deadline ends a job as late as it says, and names its file', () => {
  const jobs = new ActiveJobs();
  using active = jobs.begin(jobFor('/slow.jpg', 'png', { deadline: 1_500 }));
  vi.advanceTimersByTime(1_499);
  expect(stateOf(active)).toEqual(IN_WORK);
  vi.advanceTimersByTime(1);
  expect(stateOf(active)).toEqual({ flag: 1, reason: 'deadline-exceeded' });
  expect(active.signal.reason).toMatchObject({
    file: '/slow.jpg',
    message: '/slow.jpg: not done within 1.5 s.',
  });
});
