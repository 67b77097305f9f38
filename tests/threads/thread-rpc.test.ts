import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EnlargerError } from '../../src/shared/errors.ts';
import { serveThread, ThreadClient } from '../../src/threads/thread-rpc.ts';
import type { TestService } from './test-thread.ts';

function startThread(file = './test-thread.ts'): ThreadClient<TestService> {
  const thread = new ThreadClient<TestService>(new URL(file, import.meta.url), 'test');
  onTestFinished(() => thread.close());
  return thread;
}

describe('a thread', () => {
  it('answers each question with its own answer', async () => {
    const thread = startThread();
    const questions = [1, 'two', { three: [3] }, undefined];
    expect(await Promise.all(questions.map((question) => thread.ask('echo', question)))).toEqual(questions);
  });

  it('writes into memory that is shared with it', async () => {
    const buffer = new SharedArrayBuffer(3);
    await startThread().ask('fill', { buffer, value: 7 });
    expect([...new Uint8Array(buffer)]).toEqual([7, 7, 7]);
  });

  it('takes over what is transferred', async () => {
    const buffer = new ArrayBuffer(8);
    const answer = (await startThread().ask('echo', buffer, [buffer])) as ArrayBuffer;
    expect([buffer.byteLength, answer.byteLength]).toEqual([0, 8]);
  });

  it('fails with the typed error, its code and file kept', async () => {
    const failing = startThread().ask('fail', { file: 'a.jpg' });
    await expect(failing).rejects.toBeInstanceOf(EnlargerError);
    await expect(failing).rejects.toMatchObject({
      code: 'decode-failed',
      message: 'a.jpg: cannot be read.',
      file: 'a.jpg',
    });
  });

  it('types mistakes, and goes on', async () => {
    const thread = startThread();
    await expect(thread.ask('crash', undefined)).rejects.toMatchObject({
      code: 'internal',
      message: 'a mistake in the program',
    });
    expect(await thread.ask('echo', 'still here')).toBe('still here');
  });

  it('says so when it is asked for what it cannot do', async () => {
    const thread = startThread() as unknown as ThreadClient<{ fly(input: unknown): Promise<void> }>;
    await expect(thread.ask('fly', {})).rejects.toMatchObject({
      code: 'internal',
      message: 'This thread cannot fly.',
    });
  });

  it('refuses what cannot be cloned', async () => {
    const thread = startThread();
    await expect(thread.ask('echo', () => {})).rejects.toThrow('could not be cloned');
    expect(await thread.ask('echo', 1)).toBe(1);
  });
});

describe('the end of a thread', () => {
  const ended = { code: 'stopped', message: 'The test thread has ended.' };

  it('fails what waits for it, and what is asked later', async () => {
    const thread = startThread();
    const waiting = thread.ask('wait', undefined);
    const refused = expect(waiting).rejects.toMatchObject(ended);
    await thread.close();
    await refused;
    await expect(thread.ask('echo', 1)).rejects.toMatchObject(ended);
  });

  it('by its own doing is the same', async () => {
    const thread = startThread();
    await expect(thread.ask('leave', undefined)).rejects.toMatchObject(ended);
    await expect(thread.ask('echo', 1)).rejects.toMatchObject(ended);
  });

  it('by an error that nobody caught tells that error', async () => {
    const thread = startThread();
    const died = { code: 'internal', message: 'beyond help' };
    await expect(thread.ask('die', undefined)).rejects.toMatchObject(died);
    await expect(thread.ask('echo', 1)).rejects.toMatchObject(died);
  });

  it('before it began, for want of its file, is an error, too', async () => {
    const thread = startThread('./no-such-thread.ts');
    await expect(thread.ask('echo', 1)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('no-such-thread.ts'),
    });
  });
});

describe('the serving side', () => {
  it('answers on any port, in the order in which answers are ready', async () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const slow = Promise.withResolvers<string>();
    serveThread({ slow: () => slow.promise, quick: async (input: number) => input + 1 }, port2);
    const replies: unknown[] = [];
    port1.on('message', (reply) => replies.push(reply));
    port1.postMessage({ id: 0, name: 'slow', input: undefined });
    port1.postMessage({ id: 1, name: 'quick', input: 1 });
    port1.postMessage({ id: 2, name: 'none', input: undefined });
    while (replies.length < 2) await once(port1, 'message');
    slow.resolve('at last');
    while (replies.length < 3) await once(port1, 'message');
    expect(replies).toEqual([
      { id: 1, output: 2 },
      { id: 2, error: { code: 'internal', message: 'This thread cannot none.', file: undefined } },
      { id: 0, output: 'at last' },
    ]);
  });

  it('does nothing outside of a worker thread', () => {
    expect(() => serveThread({}, null)).not.toThrow();
  });
});
