import { describe, expect, it, onTestFinished } from 'vitest';
import { EngineClient } from '../../../src/main/engine/engine-client.ts';
import { inMemoryHost } from '../../../src/main/engine/in-memory-host.ts';
import { ENGINE_PROTOCOL_VERSION, toEngineSchema } from '../../../src/shared/engine-protocol.ts';
import { engineConfig } from '../../support/engine.ts';

const config = engineConfig('/nowhere');
const GREETING = { protocol: ENGINE_PROTOCOL_VERSION, pid: 1, node: '24.0.0' };

/** An engine of another version of the program, which `answers` from a table. */
function foreignHost(answers: Record<string, unknown>) {
  return inMemoryHost((port) => {
    port.onMessage((message) => {
      const { id, request } = toEngineSchema.parse(message);
      port.send({ type: 'answer', id, output: answers[request] });
    });
  });
}

async function startForeign(answers: Record<string, unknown>): Promise<EngineClient> {
  const engine = await EngineClient.start(foreignHost({ configure: GREETING, ...answers }), config);
  onTestFinished(() => engine.kill());
  return engine;
}

describe('an engine of another version', () => {
  it('is refused, and ended', async () => {
    const exits: unknown[] = [];
    const host = foreignHost({ configure: { ...GREETING, protocol: ENGINE_PROTOCOL_VERSION + 1 } });
    const watched = {
      name: host.name,
      start: () => {
        const link = host.start();
        exits.push(link.exited);
        return link;
      },
    };
    await expect(EngineClient.start(watched, config)).rejects.toMatchObject({
      code: 'protocol-mismatch',
      message:
        `The engine speaks version ${ENGINE_PROTOCOL_VERSION + 1} of its protocol and this program ` +
        `${ENGINE_PROTOCOL_VERSION}. Install Enlarger again.`,
    });
    expect(await Promise.all(exits)).toEqual([{ code: null, signal: 'SIGKILL' }]);
  });

  it('is refused also when its greeting is of another shape', async () => {
    const starting = EngineClient.start(foreignHost({ configure: 'hello' }), config);
    await expect(starting).rejects.toMatchObject({ code: 'protocol-mismatch' });
  });

  it('may answer what this program cannot understand: that question fails, no other', async () => {
    const engine = await startForeign({ probe: { format: 'jpeg' }, cancel: {} });
    await expect(engine.request('probe', { source: '/a.jpg' })).rejects.toMatchObject({
      code: 'protocol-mismatch',
      message: expect.stringContaining('width'),
    });
    expect(await engine.request('cancel', {})).toEqual({});
  });
});

it('answers to questions that nobody asked are ignored', async () => {
  const host = inMemoryHost((port) => {
    port.onMessage((message) => {
      const { id } = toEngineSchema.parse(message);
      port.send({ type: 'answer', id: id + 1000, output: 'for somebody else' });
      port.send({ type: 'answer', id, output: GREETING });
    });
  });
  const engine = await EngineClient.start(host, config);
  onTestFinished(() => engine.kill());
  expect(engine.pid).toBe(1);
});

it('an engine that fails to set itself up is ended, and its reason told', async () => {
  const host = inMemoryHost((port) => {
    port.onMessage((message) => {
      const { id } = toEngineSchema.parse(message);
      const error = { code: 'disk-full', message: '/tmp: the disk is full.', file: '/tmp' };
      port.send({ type: 'failed', id, error });
    });
  });
  await expect(EngineClient.start(host, config)).rejects.toMatchObject({
    name: 'EnlargerError',
    code: 'disk-full',
    file: '/tmp',
  });
});
