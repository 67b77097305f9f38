import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { deathOf } from '../../../../src/main/engine/supervisor/engine-death.ts';
import { jobFor } from '../../../support/engine.ts';
import { failure, fixtureHost, reached, supervised } from './support.ts';

const host = fixtureHost('fixture-engine');
const PNG = { format: 'png' };

describe('an engine that dies over one of several requests', () => {
  it('fails that one, and the others get their answers from the next', async () => {
    const { supervisor } = await supervised(host);
    const probe = (source: string) => supervisor.request('probe', { source });
    // What is asked before the deadly one is answered by the first engine, what is asked behind it by no engine yet.
    const deadly = failure(probe('abort'));
    const behind = [probe('b'), probe('c'), probe('d')];
    expect(await Promise.all(behind)).toMatchObject([PNG, PNG, PNG]);
    expect(await deadly).toMatchObject({ code: 'engine-died', file: 'abort' });
    expect(deathOf(await deadly)).toMatchObject({ generation: 2, cause: 'crashed', signal: 'SIGABRT' });
    expect(supervisor.state).toMatchObject({ state: 'ready', generation: 3 });
  });

  it('blames no request that a file beside it is to blame for', async () => {
    const { supervisor } = await supervised(host);
    const file = failure(supervisor.enhance(jobFor('abort')));
    // The file is on its way to the engine when the requests are made.
    await setImmediate();
    const asked = ['a', 'b'].map((source) => supervisor.request('probe', { source }));
    expect(await Promise.all(asked)).toMatchObject([PNG, PNG]);
    expect(deathOf(await file)).toMatchObject({ generation: 1 });
    expect(supervisor.state).toMatchObject({ state: 'ready', generation: 2 });
  });

  it('gives no file to the next till the deadly one is found out', async () => {
    const { supervisor } = await supervised(host);
    const deadly = failure(supervisor.request('probe', { source: 'abort' }));
    const beside = failure(supervisor.enhance(jobFor('done')));
    expect(deathOf(await beside)).toMatchObject({ generation: 1 });
    const again = supervisor.enhance(jobFor('done'));
    expect(deathOf(await deadly)).toMatchObject({ generation: 2 });
    expect(await again).toMatchObject({ sha256: 'done' });
    expect(supervisor.state).toMatchObject({ state: 'ready', generation: 3 });
  });

  it('can have the files cancelled that wait for that', async () => {
    const { supervisor } = await supervised(host);
    const deadly = failure(supervisor.request('probe', { source: 'abort' }));
    await failure(supervisor.enhance(jobFor('done')));
    const [unwanted, wanted] = [jobFor('done'), jobFor('done')];
    const refused = failure(supervisor.enhance(unwanted));
    const done = supervisor.enhance(wanted);
    supervisor.cancel([unwanted.jobId]);
    expect(await refused).toMatchObject({ code: 'cancelled' });
    expect(await done).toMatchObject({ sha256: 'done' });
    expect(await deadly).toMatchObject({ code: 'engine-died' });
  });

  it('does not count as one that fails once the deadly one is found out, however many there are', async () => {
    const { supervisor } = await supervised(host, { deaths: 2 });
    for (let round = 0; round < 3; round++) {
      const error = await failure(supervisor.request('probe', { source: 'abort' }));
      expect(deathOf(error)).toMatchObject({ cause: 'crashed', generation: round + 1 });
    }
    expect(await supervisor.request('probe', { source: 'a' })).toMatchObject(PNG);
  });
});

describe('an engine that somebody kills', () => {
  it('speaks against no request: it is asked again', async () => {
    const { supervisor } = await supervised(host);
    const silent = failure(supervisor.enhance(jobFor('stuck')));
    const asked = supervisor.request('probe', { source: 'a' });
    process.kill(supervisor.pid, 'SIGKILL');
    expect(await asked).toMatchObject(PNG);
    expect(deathOf(await silent)).toMatchObject({ cause: 'killed' });
  });

  it('again and again over one request is not asked for ever', async () => {
    const { supervisor } = await supervised(host);
    const error = await failure(supervisor.request('probe', { source: 'signal SIGKILL' }));
    expect(deathOf(error)).toMatchObject({ cause: 'killed', generation: 3 });
    await reached(supervisor, 'ready', 4);
  });
});
