import { type MessagePort, parentPort, type Transferable, Worker } from 'node:worker_threads';
import { asEnlargerError, EnlargerError, type SerializedError } from '../shared/errors.ts';

/** What a thread can be asked, by name. */
// biome-ignore lint/suspicious/noExplicitAny: the functions of a service have arguments of any type
export type ThreadService = Record<string, (input: any) => Promise<unknown>>;

type Input<S extends ThreadService, N extends keyof S> = Parameters<S[N]>[0];
type Output<S extends ThreadService, N extends keyof S> = Awaited<ReturnType<S[N]>>;

interface Question {
  id: number;
  name: string;
  input: unknown;
}

type Reply = { id: number; output: unknown } | { id: number; error: SerializedError };

/** Answers questions on this worker thread; called once, at the end of a worker's entry file. */
export function serveThread(service: ThreadService, port: MessagePort | null = parentPort): void {
  port?.on('message', async ({ id, name, input }: Question) => {
    let reply: Reply;
    try {
      const answer = service[name];
      if (!answer) throw new EnlargerError('internal', `This thread cannot ${name}.`);
      reply = { id, output: await answer(input) };
    } catch (error) {
      reply = { id, error: asEnlargerError(error, 'internal').toJSON() };
    }
    port.postMessage(reply);
  });
}

/**
 * The asking side of a worker thread. Threads are made once and kept: ending one in the middle of an
 * inference would take the whole process with it, so `close` is for a thread that has nothing to do.
 */
export class ThreadClient<S extends ThreadService> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<never>>();
  #nextId = 0;
  #ended: EnlargerError | undefined;

  /** `entry`: the worker's file; `workerData`: what it finds under that name. */
  constructor(entry: URL, name: string, workerData?: unknown) {
    this.#worker = new Worker(entry, { name, workerData });
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#failAll(asEnlargerError(error, 'internal')));
    this.#worker.on('exit', () =>
      this.#failAll(new EnlargerError('stopped', `The ${name} thread has ended.`)),
    );
  }

  async ask<N extends keyof S & string>(
    name: N,
    input: Input<S, N>,
    transfer: Transferable[] = [],
  ): Promise<Output<S, N>> {
    // What is posted to a thread that has ended is dropped without a word.
    if (this.#ended) throw this.#ended;
    const id = this.#nextId++;
    this.#worker.postMessage({ id, name, input } satisfies Question, transfer);
    const waiting = Promise.withResolvers<never>();
    this.#waiting.set(id, waiting);
    return waiting.promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(EnlargerError.from(reply.error));
    else waiting?.resolve(reply.output as never);
  }

  #failAll(error: EnlargerError): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
