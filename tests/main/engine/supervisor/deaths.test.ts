import { describe, expect, it } from 'vitest';
import { inMemoryHost } from '../../../../src/main/engine/in-memory-host.ts';
import { deathOf } from '../../../../src/main/engine/supervisor/engine-death.ts';
import { jobFor } from '../../../support/engine.ts';
import { failure, fixtureHost, reached, supervise, supervised } from './support.ts';

const host = fixtureHost('fixture-engine');
const PNG = { format: 'png' };
/** Quick enough for a test; a busy machine answers later, but not by so much. */
const IMPATIENT = { interval: 100, heartbeat: 1500 };

describe('an engine that ends', () => {
  it.each([
    ['abort', { cause: 'crashed', signal: 'SIGABRT', exitCode: null }],
    ['signal SIGSEGV', { cause: 'crashed', signal: 'SIGSEGV', exitCode: null }],
    ['signal SIGBUS', { cause: 'crashed', signal: 'SIGBUS', exitCode: null }],
    ['exit 3', { cause: 'crashed', signal: null, exitCode: 3 }],
    ['signal SIGKILL', { cause: 'killed', signal: 'SIGKILL', exitCode: null }],
    ['signal SIGTERM', { cause: 'killed', signal: 'SIGTERM', exitCode: null }],
  ])('by `%s` fails what it had in work, says how, and is replaced', async (source, how) => {
    const { supervisor, states } = await supervised(host);
    const { pid } = supervisor;
    const waiting = ['silent', source].map((each) => supervisor.enhance(jobFor(each)));
    const errors = await Promise.all(waiting.map(failure));
    expect(errors).toMatchObject([{ code: 'engine-died' }, { code: 'engine-died' }]);
    expect(errors.map(deathOf)).toMatchObject([
      { generation: 1, ...how },
      { generation: 1, ...how },
    ]);
    expect(await supervisor.request('probe', { source: 'a' })).toMatchObject(PNG);
    expect(supervisor.pid).not.toBe(pid);
    expect(states).toMatchObject([
      { state: 'starting', generation: 1 },
      { state: 'ready', generation: 1 },
      { state: 'restarting', generation: 1, death: how },
      { state: 'restarting', generation: 2, death: how },
      { state: 'ready', generation: 2, death: how },
    ]);
  });
});

describe('an engine that hangs', () => {
  it('because its thread runs in circles is killed and replaced', async () => {
    const { supervisor } = await supervised(host, IMPATIENT);
    const error = await failure(supervisor.request('probe', { source: 'loop' }));
    expect(deathOf(error)).toEqual({
      generation: 1,
      cause: 'hung',
      signal: 'SIGKILL',
      exitCode: null,
      detail: 'its heartbeat did not come within 1.5 s',
    });
    expect(await supervisor.request('probe', { source: 'a' })).toMatchObject(PNG);
  });

  it('because somebody stopped its process is killed and replaced', async () => {
    const { supervisor } = await supervised(host, IMPATIENT);
    const waiting = failure(supervisor.request('probe', { source: 'silent' }));
    process.kill(supervisor.pid, 'SIGSTOP');
    expect(deathOf(await waiting)).toMatchObject({ cause: 'hung' });
    await reached(supervisor, 'ready', 2);
  });

  it.each(['decoding', 'enhancing', 'encoding', 'verifying'] as const)(
    'in the middle of %s is killed and replaced, though it answers',
    async (state) => {
      const asked: unknown[] = [];
      const stageLimit = (...question: unknown[]) => {
        asked.push(question);
        return 50;
      };
      const { supervisor } = await supervised(host, { interval: 20, stageLimit });
      const job = jobFor(state);
      const error = await failure(supervisor.enhance(job, { sourcePixels: 12e6 }));
      expect(deathOf(error)).toMatchObject({
        cause: 'hung',
        detail: `${state} has not moved on for 0.05 s`,
      });
      const resultPixels = 12e6 * job.plan.scale ** 2;
      expect(asked[0]).toEqual([state, { sourcePixels: 12e6, resultPixels }]);
      expect(await supervisor.enhance(jobFor('done'))).toMatchObject({ sha256: 'done' });
    },
  );

  it('before it greets is killed: it never started', async () => {
    const { supervisor, states } = await supervise(fixtureHost('never-greets'), {
      interval: 20,
      handshake: 50,
      failedStarts: 1,
    });
    await expect(supervisor.start()).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringMatching(
        /^The engine cannot be kept running: its greeting did not come within 0\.05 s\. /,
      ),
    });
    expect(states.at(-1)).toMatchObject({ state: 'broken', death: { cause: 'hung', generation: 1 } });
  });
});

describe('an engine that sends what is no message', () => {
  it('is ended: that is a crash', async () => {
    const { supervisor } = await supervised(host);
    const error = await failure(supervisor.request('probe', { source: 'nonsense' }));
    expect(error).toMatchObject({ code: 'engine-died' });
    expect(deathOf(error)).toEqual({
      generation: 1,
      cause: 'crashed',
      signal: 'SIGKILL',
      exitCode: null,
      detail: expect.stringMatching(/^it sent what is no message: [^\n]*expected array[^\n]*jobs$/),
    });
    expect(await supervisor.request('probe', { source: 'a' })).toMatchObject(PNG);
  });

  it('before it greets is tried again, and then given up', async () => {
    const babbling = inMemoryHost((port) => port.onMessage(() => port.send('hello' as never)));
    const { supervisor } = await supervise(babbling);
    await expect(supervisor.start()).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringMatching(/: it sent what is no message: /),
    });
    expect(supervisor.state).toMatchObject({ generation: 3, death: { cause: 'crashed' } });
  });
});

it('what an engine that is gone still says is not heard', async () => {
  let say = () => {};
  const talkative = inMemoryHost((port) => {
    port.onMessage((raw) => {
      const { id } = raw as { id: number };
      port.send({ type: 'answer', id, output: { protocol: 1, pid: 7, node: '24.0.0' } });
    });
  });
  const links: ReturnType<typeof talkative.start>[] = [];
  const host = {
    name: 'talkative',
    start: () => {
      const link = talkative.start();
      links.push(link);
      return {
        ...link,
        onMessage: (listener: (message: unknown) => void) => {
          const progress = { jobId: 1, state: 'decoding', tilesDone: 0, tilesTotal: 0, pixelsDone: 0 };
          if (links.length === 1) say = () => listener({ type: 'progress', jobs: [progress] });
          link.onMessage(listener);
        },
      };
    },
  };
  const { supervisor } = await supervised(host);
  const heard: unknown[] = [];
  supervisor.onProgress((jobs) => heard.push(jobs));
  say();
  expect(heard).toHaveLength(1);
  links[0]?.kill();
  await reached(supervisor, 'ready', 2);
  say();
  expect(heard).toHaveLength(1);
});
