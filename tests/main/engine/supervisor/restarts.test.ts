import { describe, expect, it } from 'vitest';
import { inMemoryHost } from '../../../../src/main/engine/in-memory-host.ts';
import type { EngineSupervisor } from '../../../../src/main/engine/supervisor/engine-supervisor.ts';
import { jobFor } from '../../../support/engine.ts';
import { failure, fixtureHost, inTurn, reached, supervise, supervised } from './support.ts';

const host = fixtureHost('fixture-engine');
const dead = fixtureHost('ends-at-once');

/** Lets the engine die, and resolves when the next is awaited. */
async function lose(supervisor: EngineSupervisor): Promise<void> {
  const died = reached(supervisor, 'restarting');
  await failure(supervisor.enhance(jobFor('exit 3')));
  await died;
}

describe('while there is no engine', () => {
  it('requests and files wait for the next one', async () => {
    const { supervisor } = await supervised(host);
    await lose(supervisor);
    const answers = Promise.all([
      supervisor.request('probe', { source: 'a' }),
      supervisor.enhance(jobFor('done')),
    ]);
    expect(supervisor.pid).toBe(0);
    const [{ pages }] = await answers;
    // The fixture says there where it is.
    expect(pages).toBe(supervisor.pid);
  });

  it('a file that waits can be cancelled, and others go on waiting', async () => {
    const { supervisor } = await supervised(host);
    await lose(supervisor);
    const [unwanted, wanted] = [jobFor('decoding'), jobFor('done')];
    const refused = failure(supervisor.enhance(unwanted));
    const done = supervisor.enhance(wanted);
    const cancellation = supervisor.cancel([unwanted.jobId]);
    await cancellation.acknowledged;
    expect(await refused).toMatchObject({ code: 'cancelled' });
    await cancellation.whenCleaned();
    expect(await done).toMatchObject({ sha256: 'done' });
  });

  it('all that waits can be cancelled at once', async () => {
    const { supervisor } = await supervised(host);
    await lose(supervisor);
    const refused = ['decoding', 'done'].map((source) => failure(supervisor.enhance(jobFor(source))));
    supervisor.cancel();
    expect(await Promise.all(refused)).toMatchObject([{ code: 'cancelled' }, { code: 'cancelled' }]);
    expect(supervisor.state.state).toBe('restarting');
  });

  it('stopping ends the waiting', async () => {
    const { supervisor, states } = await supervised(host, { backOff: 3_600_000 });
    await lose(supervisor);
    await reached(supervisor, 'ready', 2);
    await lose(supervisor);
    const waiting = failure(supervisor.request('probe', { source: 'a' }));
    await supervisor.stop();
    expect(await waiting).toMatchObject({ code: 'stopped' });
    expect(states.at(-1)).toEqual({ state: 'stopped', generation: 2 });
  });
});

describe('a file', () => {
  it('that was cancelled is cancelled even if its engine dies first', async () => {
    const { supervisor } = await supervised(host);
    const job = jobFor('silent');
    const refused = failure(supervisor.enhance(job));
    await supervisor.request('probe', { source: 'a' });
    process.kill(supervisor.pid, 'SIGSTOP');
    const cancellation = supervisor.cancel([job.jobId]);
    process.kill(supervisor.pid, 'SIGKILL');
    await cancellation.acknowledged;
    expect(await refused).toMatchObject({ code: 'cancelled' });
  });

  it('that is finished makes deaths before it forgotten', async () => {
    const { supervisor } = await supervised(host, { deaths: 2 });
    for (let death = 1; death < 5; death++) {
      await lose(supervisor);
      await supervisor.enhance(jobFor('done'));
    }
    expect(supervisor.state).toMatchObject({ state: 'ready', generation: 5 });
  });
});

describe('an engine that cannot be kept running', () => {
  const unavailable = {
    code: 'engine-unavailable',
    message:
      'The engine cannot be kept running: it ended with code 7. ' +
      "See what 'enlarger doctor' says, start Enlarger again, or install it again.",
  };

  it('because it does not start is given up after three attempts, in words', async () => {
    const { supervisor, states } = await supervise(dead);
    const waiting = failure(supervisor.request('probe', { source: 'a' }));
    await expect(supervisor.start()).rejects.toMatchObject(unavailable);
    expect(await waiting).toMatchObject(unavailable);
    await expect(supervisor.enhance(jobFor('done'))).rejects.toMatchObject(unavailable);
    await supervisor.cancel().acknowledged;
    expect(states.map(({ state, generation }) => [state, generation])).toEqual([
      ['starting', 1],
      ['restarting', 1],
      ['restarting', 2],
      ['restarting', 2],
      ['restarting', 3],
      ['broken', 3],
    ]);
  });

  it('is tried again when somebody asks for it', async () => {
    const { supervisor } = await supervise(inTurn(dead, dead, dead, host));
    await failure(supervisor.start());
    supervisor.reset();
    expect(await supervisor.request('probe', { source: 'a' })).toMatchObject({ format: 'png' });
    supervisor.reset();
    expect(supervisor.state).toMatchObject({ state: 'ready', generation: 4 });
  });

  it('is not given up for starts that failed before one that did not', async () => {
    const { supervisor } = await supervise(inTurn(dead, dead, host, dead, dead, host));
    await supervisor.start();
    await lose(supervisor);
    expect(await reached(supervisor, 'ready', 6)).toMatchObject({ generation: 6 });
  });

  it('because it dies again and again is given up, too', async () => {
    const { supervisor } = await supervised(host, { deaths: 3 });
    await lose(supervisor);
    await lose(supervisor);
    const broken = reached(supervisor, 'broken');
    await failure(supervisor.enhance(jobFor('exit 3')));
    expect(await broken).toMatchObject({ generation: 3, death: { cause: 'crashed', exitCode: 3 } });
  });

  it('because it is of another version is not tried twice', async () => {
    const foreign = inMemoryHost((port) => {
      port.onMessage((raw) => {
        const { id } = raw as { id: number };
        port.send({ type: 'answer', id, output: { protocol: 99, pid: 7, node: '24.0.0' } });
      });
    });
    const { supervisor } = await supervise(foreign);
    await expect(supervisor.start()).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringMatching(/^The engine cannot be kept running: .*Install Enlarger again\. See/),
      cause: { code: 'protocol-mismatch' },
    });
    expect(supervisor.state).toMatchObject({ state: 'broken', generation: 1 });
  });

  it('because it cannot set itself up says why', async () => {
    const full = inMemoryHost((port) => {
      port.onMessage((raw) => {
        const { id } = raw as { id: number };
        port.send({
          type: 'failed',
          id,
          error: { code: 'disk-full', message: '/scratch: the disk is full.' },
        });
      });
    });
    const { supervisor } = await supervise(full);
    await expect(supervisor.start()).rejects.toMatchObject({
      message: expect.stringMatching(/^The engine cannot be kept running: \/scratch: the disk is full\. See/),
      cause: { code: 'disk-full' },
    });
    expect(supervisor.state).toMatchObject({ generation: 3, death: { cause: 'crashed' } });
  });

  it('because the system has no room for a process says so', async () => {
    const nowhere = {
      name: 'nowhere',
      start: () => {
        throw new Error('spawn ENOMEM');
      },
    };
    const { supervisor } = await supervise(nowhere);
    await expect(supervisor.start()).rejects.toMatchObject({
      message: expect.stringMatching(/: its process could not be started\. /),
    });
  });
});

describe('stopping', () => {
  it('ends the engine, and all that is asked later', async () => {
    const { supervisor } = await supervised(host);
    const { pid } = supervisor;
    const waiting = failure(supervisor.request('probe', { source: 'silent' }));
    await supervisor.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await waiting).toMatchObject({ code: 'stopped' });
    await expect(supervisor.request('probe', { source: 'a' })).rejects.toMatchObject({ code: 'stopped' });
    await expect(supervisor.start()).rejects.toMatchObject({ code: 'stopped' });
    expect(supervisor.state).toEqual({ state: 'stopped', generation: 1 });
  });

  it('does not wait for a greeting', async () => {
    const { supervisor } = await supervise(fixtureHost('never-greets'));
    const starting = failure(supervisor.start());
    await supervisor.stop();
    expect(await starting).toMatchObject({ code: 'stopped' });
  });

  it('does not wait for an engine that does not end', async () => {
    const { supervisor } = await supervised(host, { interval: 20, stop: 50 });
    const waiting = failure(supervisor.request('probe', { source: 'silent' }));
    process.kill(supervisor.pid, 'SIGSTOP');
    await supervisor.stop();
    expect(await waiting).toMatchObject({ code: 'stopped' });
  });

  it('needs no start', async () => {
    const { supervisor } = await supervise(host);
    await supervisor.stop();
    await expect(supervisor.start()).rejects.toMatchObject({ code: 'stopped' });
  });

  it('can be done by force', async () => {
    const { supervisor } = await supervised(host);
    const waiting = failure(supervisor.request('probe', { source: 'loop' }));
    supervisor.kill();
    expect(await waiting).toMatchObject({ code: 'stopped' });
    expect(supervisor.state.state).toBe('stopped');
  });
});
