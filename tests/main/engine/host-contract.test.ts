import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveEngine } from '../../../src/engine/serve-engine.ts';
import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import { EngineClient } from '../../../src/main/engine/engine-client.ts';
import type { EngineHost, EngineLink } from '../../../src/main/engine/engine-host.ts';
import { inMemoryHost } from '../../../src/main/engine/in-memory-host.ts';
import type { JobProgress } from '../../../src/shared/engine-protocol.ts';
import { engineConfig, exists, jobFor, leftovers, loadSessions, NOTHING_LEFT } from '../../support/engine.ts';
import { planFor } from '../../support/models.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';

const HOSTS: [name: string, host: EngineHost, isOtherProcess: boolean][] = [
  ['in memory', inMemoryHost(serveEngine), false],
  ['child process', childProcessHost(engineEntry(), { quiet: true }), true],
];

describe.each(HOSTS)('an engine on the host %s', (name, host, isOtherProcess) => {
  /** An engine, and the line to it, that end with the test. */
  async function start() {
    const folder = await temporaryFolder();
    const links: EngineLink[] = [];
    const remembering: EngineHost = {
      name: host.name,
      start: () => {
        const link = host.start();
        links.push(link);
        return link;
      },
    };
    const config = engineConfig(join(folder, 'scratch'), { workers: 1 });
    const engine = await EngineClient.start(remembering, config);
    onTestFinished(() => engine.stop());
    const [link] = links as [EngineLink];
    const scratch = join(folder, 'scratch', `engine-${engine.pid}`);
    return { engine, link, folder, scratch };
  }

  it('greets: it is where it says it is', async () => {
    const { engine, scratch } = await start();
    expect(host.name).toBe(name);
    expect(engine.pid === process.pid).toBe(!isOtherProcess);
    expect(process.kill(engine.pid, 0)).toBe(true);
    expect(await exists(scratch)).toBe(true);
  });

  it('answers, reports its progress, and does what is asked', async () => {
    const { engine, folder, scratch } = await start();
    await loadSessions(engine, planFor());
    const seen: JobProgress[] = [];
    const stopListening = engine.onProgress((jobs) => seen.push(...jobs));
    const source = await writePicture(join(folder, 'photo.jpg'));
    const job = jobFor(source);
    const { scale } = job.plan;
    const { width, height, tiles } = await engine.request('enhance', job);
    expect({ width, height }).toEqual({ width: 37 * scale, height: 29 * scale });
    expect(await exists(job.output.temporary)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ jobId: job.jobId, tilesDone: tiles, tilesTotal: tiles });
    stopListening();
    const heard = seen.length;
    await engine.request('enhance', jobFor(source));
    expect(seen).toHaveLength(heard);
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  });

  it('fails with typed errors', async () => {
    const { engine, folder } = await start();
    const source = join(folder, 'gone.jpg');
    await expect(engine.request('probe', { source })).rejects.toMatchObject({
      name: 'EnlargerError',
      code: 'not-found',
      file: source,
    });
  });

  it('stops when it is told to: clean, and over for whoever asks later', async () => {
    const { engine, scratch } = await start();
    await engine.stop();
    expect(await engine.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await exists(scratch)).toBe(false);
    await expect(engine.request('report', {})).rejects.toMatchObject({
      code: 'stopped',
      message: 'The engine has been stopped.',
    });
    await engine.stop();
  });

  it('that is killed by somebody fails what waits for it, and says how it ended', async () => {
    const { engine, link } = await start();
    const died = {
      code: 'engine-died',
      message: 'The engine ended unexpectedly (by SIGKILL).',
    };
    const waiting = ['/a.jpg', '/b.jpg'].map((source) => engine.request('probe', { source }));
    const refused = Promise.all(waiting.map((answer) => expect(answer).rejects.toMatchObject(died)));
    link.kill();
    expect(await engine.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await refused;
    await expect(engine.request('report', {})).rejects.toMatchObject(died);
  });

  it('that main kills is stopped, not dead', async () => {
    const { engine } = await start();
    const waiting = engine.request('probe', { source: '/a.jpg' });
    const refused = expect(waiting).rejects.toMatchObject({ code: 'stopped' });
    engine.kill();
    await refused;
    await engine.exited;
  });

  it('is another one each time', async () => {
    const [first, second] = [await start(), await start()];
    await first.engine.stop();
    expect(await second.engine.request('report', {})).toMatchObject({ sessions: [] });
    expect(first.engine.pid === second.engine.pid).toBe(!isOtherProcess);
  });
});

it('a child that cannot start is an exit, not a silence', async () => {
  const nowhere = new URL('file:///no/such/engine.js');
  const host = childProcessHost(nowhere, { quiet: true });
  const starting = EngineClient.start(host, engineConfig('/tmp'));
  await expect(starting).rejects.toMatchObject({
    code: 'engine-died',
    message: 'The engine ended unexpectedly (with code 1).',
  });
});
