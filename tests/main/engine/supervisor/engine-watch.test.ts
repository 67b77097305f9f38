import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineWatch } from '../../../../src/main/engine/supervisor/engine-watch.ts';
import { JobWatch } from '../../../../src/main/engine/supervisor/job-watch.ts';
import { RequestWatch } from '../../../../src/main/engine/supervisor/request-watch.ts';
import { DEFAULT_LIMITS } from '../../../../src/main/engine/supervisor/supervision-limits.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A watch, what it found, and a clock that may be moved while nothing ticks. */
function watching() {
  const found: string[] = [];
  const jobs = new JobWatch();
  let asleep = 0;
  const now = () => performance.now() + asleep;
  const requests = new RequestWatch(DEFAULT_LIMITS.requests);
  const watch = new EngineWatch(DEFAULT_LIMITS, [jobs, requests], (what) => found.push(what), now);
  watch.start();
  const sleep = (milliseconds: number) => {
    asleep += milliseconds;
  };
  return { watch, jobs, requests, found, now, sleep };
}

/** An engine that answers as long as it should. */
function engine() {
  const pings: PromiseWithResolvers<unknown>[] = [];
  const ping = () => {
    const answer = Promise.withResolvers<unknown>();
    pings.push(answer);
    return answer.promise;
  };
  return { ping, pings };
}

const seconds = async (count: number) => {
  await vi.advanceTimersByTimeAsync(count * 1000);
};

describe('an engine', () => {
  it('has half a minute for its greeting', async () => {
    const { found } = watching();
    await seconds(30);
    expect(found).toEqual([]);
    await seconds(2);
    expect(found).toEqual(['its greeting did not come within 30 s']);
    await seconds(100);
    expect(found).toHaveLength(1);
  });

  it('is asked every two seconds, but not twice at once', async () => {
    const { watch, found } = watching();
    const { ping, pings } = engine();
    watch.greeted(ping);
    await seconds(6);
    expect(pings).toHaveLength(1);
    pings[0]?.resolve({});
    await seconds(2);
    expect(pings).toHaveLength(2);
    // That it refuses to answer is an answer.
    pings[1]?.reject(new Error('What is a ping?'));
    await seconds(2);
    expect([pings.length, found]).toEqual([3, []]);
  });

  it('hangs when it has not answered for 15 seconds', async () => {
    const { watch, found } = watching();
    watch.greeted(engine().ping);
    await seconds(2 + 14);
    expect(found).toEqual([]);
    await seconds(2);
    expect(found).toEqual(['its heartbeat did not come within 15 s']);
  });

  it('hangs when its jobs do not move', async () => {
    const { watch, found, jobs, now } = watching();
    watch.greeted(async () => {});
    jobs.begin(1, { sourcePixels: 0, resultPixels: 0 });
    jobs.progress([{ jobId: 1, state: 'decoding', tilesDone: 0, tilesTotal: 0, pixelsDone: 0 }], now());
    await seconds(60);
    expect(found).toEqual([]);
    await seconds(2);
    expect(found).toEqual(['decoding has not moved on for 60 s']);
  });

  it('hangs when a request is not answered', async () => {
    const { watch, found, requests, now } = watching();
    watch.greeted(async () => {});
    requests.begin('probe', '/a.jpg', now());
    await seconds(30);
    expect(found).toEqual([]);
    await seconds(2);
    expect(found).toEqual(['probe of /a.jpg was not answered within 30 s']);
  });

  it('has ten seconds to stop', async () => {
    const { watch, found } = watching();
    watch.greeted(engine().ping);
    await seconds(4);
    watch.stopping();
    await seconds(10);
    expect(found).toEqual([]);
    await seconds(2);
    expect(found).toEqual(['its end did not come within 10 s']);
  });

  it('that is gone is not watched', async () => {
    const { watch, found } = watching();
    watch.stop();
    await seconds(100);
    expect(found).toEqual([]);
  });
});

it('a machine that slept does not take that for silence', async () => {
  const { watch, found, jobs, requests, now, sleep } = watching();
  watch.greeted(engine().ping);
  jobs.begin(1, { sourcePixels: 0, resultPixels: 0 });
  jobs.progress([{ jobId: 1, state: 'decoding', tilesDone: 0, tilesTotal: 0, pixelsDone: 0 }], now());
  requests.begin('probe', '/a.jpg', now());
  await seconds(10);
  sleep(3_600_000);
  await seconds(16);
  expect(found).toEqual([]);
  await seconds(2);
  expect(found).toEqual(['its heartbeat did not come within 15 s']);
});
