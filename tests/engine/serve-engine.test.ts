import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveEngine } from '../../src/engine/serve-engine.ts';
import { ENGINE_PROTOCOL_VERSION, type FromEngine } from '../../src/shared/engine-protocol.ts';
import { engineConfig, jobFor } from '../support/engine.ts';
import { temporaryFolder } from '../support/pictures.ts';

/** The engine's end of the line in the hand of the test, which plays main. */
function lineToEngine() {
  let deliver: (message: unknown) => void = () => {};
  const waiting = new Map<number, (message: FromEngine) => void>();
  const served = serveEngine({
    send: (message) => {
      if (message.type !== 'progress') waiting.get(message.id)?.(message);
    },
    onMessage: (listener) => {
      deliver = listener;
    },
  });
  let nextId = 0;
  const ask = (request: string, input: unknown) => {
    const { promise, resolve } = Promise.withResolvers<FromEngine>();
    const id = nextId++;
    waiting.set(id, resolve);
    deliver({ id, request, input });
    return promise;
  };
  return { served, ask };
}

async function configured() {
  const { served, ask } = lineToEngine();
  const scratch = join(await temporaryFolder(), 'scratch');
  const greeting = { protocol: ENGINE_PROTOCOL_VERSION, config: engineConfig(scratch, { workers: 1 }) };
  const answer = await ask('configure', greeting);
  onTestFinished(async () => {
    await ask('stop', {});
  });
  return { served, ask, answer, greeting, scratch };
}

describe('an engine', () => {
  it('greets with its protocol, process and Node, and always as the same engine', async () => {
    const { answer, ask, greeting, served, scratch } = await configured();
    const { pid, versions } = process;
    const output = { protocol: ENGINE_PROTOCOL_VERSION, pid, node: versions.node };
    expect(answer).toEqual({ type: 'answer', id: 0, output });
    expect(await ask('configure', greeting)).toEqual({ type: 'answer', id: 1, output });
    expect(served.scratch()).toBe(join(scratch, `engine-${pid}`));
  });

  it('does nothing before it is set up', async () => {
    const { ask, served } = lineToEngine();
    expect(await ask('report', {})).toEqual({
      type: 'failed',
      id: 0,
      error: {
        code: 'internal',
        message: 'The engine was asked to report before it was set up.',
        file: undefined,
      },
    });
    expect(served.scratch()).toBeUndefined();
  });

  it('refuses what it does not know', async () => {
    const { ask } = await configured();
    for (const request of ['fly', 'toString', 'greeting']) {
      expect(await ask(request, {})).toMatchObject({
        type: 'failed',
        error: { code: 'protocol-mismatch', message: `The engine cannot '${request}'.` },
      });
    }
  });

  it('refuses questions of the wrong shape, and still answers the next', async () => {
    const { ask } = await configured();
    const wrong = [
      ['probe', { source: 7 }],
      ['enhance', { ...jobFor('/a.jpg'), lane: 'overtaking' }],
      ['enhance', { ...jobFor('/a.jpg'), output: { temporary: '/a', format: 'png', quality: 0 } }],
      ['configure', { protocol: ENGINE_PROTOCOL_VERSION, config: { workers: 0 } }],
    ] as const;
    for (const [request, input] of wrong) {
      expect(await ask(request, input)).toMatchObject({ type: 'failed', error: { code: 'internal' } });
    }
    expect(await ask('report', {})).toMatchObject({
      type: 'answer',
      output: { pool: { inUse: 0, leaks: 0 }, concurrency: 1, sessions: [] },
    });
  });

  it('compares sessions and examines its runtime', async () => {
    const { ask } = await configured();
    const { shallow: session, scale, receptiveRadius } = jobFor('/a.jpg').plan;
    const input = { reference: session, candidate: session, scale, receptiveRadius };
    expect(await ask('compare', input)).toMatchObject({ type: 'answer', output: { psnr: 99 } });
    const equal = { psnr: 99, worst: 0, whole: true };
    expect(await ask('tryDevice', input)).toMatchObject({ type: 'answer', output: equal });
    expect(await ask('examineRuntime', {})).toMatchObject({
      type: 'answer',
      output: { providers: expect.arrayContaining(['cpu']) },
    });
  });
});
