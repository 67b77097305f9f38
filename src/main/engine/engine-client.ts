import { z } from 'zod';
import {
  ENGINE_PROTOCOL_VERSION,
  type EngineConfig,
  type EnhanceJob,
  type EnhanceResult,
  engineRequests,
  fromEngineSchema,
  type JobProgress,
  type RequestInput,
  type RequestName,
  type RequestOutput,
} from '../../shared/engine-protocol.ts';
import { EnlargerError, type ErrorCode } from '../../shared/errors.ts';
import type { Cancellation, EngineConnection } from './engine-connection.ts';
import type { EngineExit, EngineHost, EngineLink } from './engine-host.ts';

interface Waiting {
  name: RequestName;
  answer: PromiseWithResolvers<unknown>;
}

/** Main's side of one engine: typed questions and answers, and its events. */
export class EngineClient implements EngineConnection {
  readonly #link: EngineLink;
  readonly #waiting = new Map<number, Waiting>();
  readonly #jobs = new Map<number, Promise<EnhanceResult>>();
  readonly #progressListeners = new Set<(jobs: JobProgress[]) => void>();
  #nextId = 0;
  #pid = 0;
  #death: EnlargerError | undefined;
  readonly #onNonsense: (what: string) => void;
  #stopping = false;

  private constructor(link: EngineLink, onNonsense: (what: string) => void) {
    this.#link = link;
    this.#onNonsense = onNonsense;
    link.onMessage((message) => this.#receive(message));
    void link.exited.then((exit) => this.#buried(exit));
  }

  /** Starts an engine on `host` and greets it. Throws `protocol-mismatch` if it is of another version. */
  static start(host: EngineHost, config: EngineConfig): Promise<EngineClient> {
    return EngineClient.greet(host.start(), config);
  }

  /**
   * Greets the engine that has been started at the other end of `link`; throws as `start` does. `onNonsense` is
   * told, in words, if the engine ever says what is no message, for which it is ended.
   */
  static async greet(
    link: EngineLink,
    config: EngineConfig,
    onNonsense: (what: string) => void = () => {},
  ): Promise<EngineClient> {
    const client = new EngineClient(link, onNonsense);
    const greeting = await client
      .request('configure', { protocol: ENGINE_PROTOCOL_VERSION, config })
      .catch((error: unknown) => {
        client.kill();
        throw error;
      });
    if (greeting.protocol !== ENGINE_PROTOCOL_VERSION) {
      client.kill();
      throw new EnlargerError(
        'protocol-mismatch',
        `The engine speaks version ${greeting.protocol} of its protocol and this program ` +
          `${ENGINE_PROTOCOL_VERSION}. Install Enlarger again.`,
      );
    }
    client.#pid = greeting.pid;
    return client;
  }

  get pid(): number {
    return this.#pid;
  }

  /** What every request fails with from now on; `undefined` while the engine runs. */
  get death(): EnlargerError | undefined {
    return this.#death;
  }

  get exited(): Promise<EngineExit> {
    return this.#link.exited;
  }

  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
    if (this.#death) return Promise.reject(this.#death);
    const id = this.#nextId++;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { name, answer });
    this.#link.send({ id, request: name, input });
    return answer.promise as Promise<RequestOutput<N>>;
  }

  async enhance(job: EnhanceJob): Promise<EnhanceResult> {
    const ended = this.request('enhance', job);
    this.#jobs.set(job.jobId, ended);
    try {
      return await ended;
    } finally {
      if (this.#jobs.get(job.jobId) === ended) this.#jobs.delete(job.jobId);
    }
  }

  cancel(jobIds: readonly number[] = [...this.#jobs.keys()]): Cancellation {
    const ended = jobIds.map((jobId) => this.#jobs.get(jobId));
    const acknowledged = this.request('cancel', { jobIds: [...jobIds] }).then(() => {});
    return {
      acknowledged,
      whenCleaned: async () => {
        await Promise.allSettled([acknowledged, ...ended]);
      },
    };
  }

  onProgress(listener: (jobs: JobProgress[]) => void): () => void {
    this.#progressListeners.add(listener);
    return () => this.#progressListeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (!this.#death) await this.request('stop', {}).catch(() => {});
    this.#link.kill();
    await this.#link.exited;
  }

  kill(): void {
    this.#stopping = true;
    this.#link.kill();
  }

  #receive(raw: unknown): void {
    const parsed = fromEngineSchema.safeParse(raw);
    if (!parsed.success) {
      // What it would say next cannot be trusted either.
      this.#onNonsense(`it sent what is no message: ${oneLine(parsed.error)}`);
      this.#link.kill();
      return;
    }
    const message = parsed.data;
    if (message.type === 'progress') {
      for (const listener of this.#progressListeners) listener(message.jobs);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    if (message.type === 'failed') {
      const { code, ...error } = message.error;
      waiting.answer.reject(EnlargerError.from({ code: code as ErrorCode, ...error }));
      return;
    }
    const output = engineRequests[waiting.name].output.safeParse(message.output);
    if (output.success) waiting.answer.resolve(output.data);
    else waiting.answer.reject(new EnlargerError('protocol-mismatch', output.error.message));
  }

  #buried({ code, signal }: EngineExit): void {
    const how = signal ? `by ${signal}` : `with code ${code}`;
    this.#death = this.#stopping
      ? new EnlargerError('stopped', 'The engine has been stopped.')
      : new EnlargerError('engine-died', `The engine ended unexpectedly (${how}).`);
    for (const { answer } of this.#waiting.values()) answer.reject(this.#death);
    this.#waiting.clear();
  }
}

function oneLine(error: z.ZodError): string {
  return z
    .prettifyError(error)
    .replaceAll(/\s*\n\s*/g, ' ')
    .slice(0, 200);
}
