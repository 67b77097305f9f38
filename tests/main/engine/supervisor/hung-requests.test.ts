import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childProcessHost, engineEntry } from '../../../../src/main/engine/child-process-host.ts';
import { deathOf } from '../../../../src/main/engine/supervisor/engine-death.ts';
import { REQUEST_LIMITS } from '../../../../src/main/engine/supervisor/request-limits.ts';
import { planFor } from '../../../support/models.ts';
import { writePicture } from '../../../support/pictures.ts';
import { failure, fixtureHost, supervised } from './support.ts';

const host = fixtureHost('fixture-engine');
const PNG = { format: 'png' };
/** Quick enough for a test; a busy machine answers later, but not by so much. */
const IMPATIENT = { interval: 50, requests: { ...REQUEST_LIMITS, probe: 1500, unloadSession: 1500 } };

describe('a request that an engine never answers, though it answers pings', () => {
  it('fails with what hung, and the next goes to another engine', async () => {
    const { supervisor } = await supervised(host, IMPATIENT);
    const error = await failure(supervisor.request('probe', { source: 'silent' }));
    expect(error).toMatchObject({
      code: 'engine-died',
      file: 'silent',
      message: expect.stringMatching(
        /^silent: the engine hung \(probe of silent was not answered within 1\.5 s\)\. /,
      ),
    });
    expect(deathOf(error)).toMatchObject({ generation: 1, cause: 'hung', signal: 'SIGKILL' });
    expect(await supervisor.request('probe', { source: 'a' })).toMatchObject(PNG);
  });

  it('is found out among several: the others get their answers', async () => {
    const { supervisor } = await supervised(host, IMPATIENT);
    const probe = (source: string) => supervisor.request('probe', { source });
    const [before, stuck, ...behind] = [probe('a'), failure(probe('stuck')), probe('b'), probe('c')];
    expect(await before).toMatchObject(PNG);
    expect(await stuck).toMatchObject({ code: 'engine-died', file: 'stuck' });
    expect(deathOf(await stuck)).toMatchObject({ generation: 2, cause: 'hung' });
    expect(await Promise.all(behind)).toMatchObject([PNG, PNG]);
    expect(supervisor.state).toMatchObject({ state: 'ready', generation: 3 });
  });

  it('keeps what is asked later waiting until it is found out', async () => {
    const { supervisor } = await supervised(host, IMPATIENT);
    const probe = (source: string) => supervisor.request('probe', { source });
    const [stuck, behind] = [failure(probe('stuck')), probe('b')];
    const later = behind.then(() => probe('c'));
    const again = failure(stuck.then(() => probe('stuck')));
    expect(deathOf(await stuck)).toMatchObject({ generation: 2 });
    expect(await Promise.all([behind, later])).toMatchObject([PNG, PNG]);
    expect(deathOf(await again)).toMatchObject({ cause: 'hung' });
  });

  it('does not make the engine count as one that fails, however many there are', async () => {
    const { supervisor } = await supervised(host, { ...IMPATIENT, deaths: 2 });
    for (const source of ['silent', 'silent']) {
      expect(deathOf(await failure(supervisor.request('probe', { source })))).toMatchObject({
        cause: 'hung',
      });
    }
    expect(await supervisor.request('probe', { source: 'a' })).toMatchObject(PNG);
  });

  it('is not asked again if it was to let go a session', async () => {
    const { supervisor } = await supervised(fixtureHost('fixture-engine'), IMPATIENT);
    const [stuck, unloading] = [
      failure(supervisor.request('probe', { source: 'stuck' })),
      failure(supervisor.request('unloadSession', { key: 'stuck' })),
    ];
    expect(deathOf(await unloading)).toMatchObject({ generation: 1, cause: 'hung' });
    expect(deathOf(await stuck)).toMatchObject({ generation: 2 });
  });

  it('ends with the supervisor', async () => {
    const { supervisor } = await supervised(host, IMPATIENT);
    const stuck = ['stuck', 'b'].map((source) => failure(supervisor.request('probe', { source })));
    await supervisor.stop();
    expect(await Promise.all(stuck)).toMatchObject([{ code: 'stopped' }, { code: 'stopped' }]);
  });
});

it('a model that never loads is given up, by its file', async () => {
  const requests = { ...REQUEST_LIMITS, loadSession: 500 };
  const { supervisor } = await supervised(host, { interval: 50, requests });
  const { shallow: session, tile, scale, receptiveRadius } = planFor();
  const file = 'silent.onnx';
  const input = { session: { ...session, file }, tile, scale, receptiveRadius };
  const error = await failure(supervisor.request('loadSession', input));
  expect(error).toMatchObject({
    file,
    message: expect.stringMatching(/loadSession of silent\.onnx was not/),
  });
});

describe.skipIf(process.platform === 'win32')('a real engine', () => {
  it('that waits for a header that never comes is replaced, and reads the other pictures', async () => {
    const real = childProcessHost(engineEntry(), { quiet: true });
    const requests = { ...REQUEST_LIMITS, probe: 5000 };
    const { supervisor, folder } = await supervised(real, { interval: 50, requests });
    const pipe = join(folder, 'endless.jpg');
    execFileSync('mkfifo', [pipe]);
    const source = await writePicture(join(folder, 'photo.jpg'), { width: 40, height: 30 });
    const error = await failure(supervisor.request('probe', { source: pipe }));
    expect(error).toMatchObject({ code: 'engine-died', file: pipe });
    expect(await supervisor.request('probe', { source })).toMatchObject({ width: 40, height: 30 });
  });
});
