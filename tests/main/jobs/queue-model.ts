import type { BatchState, FileState } from '../../../src/shared/jobs.ts';

interface ModelFile {
  id: number;
  name: string;
  state: FileState;
  owner: number | undefined;
  paused: boolean;
  priority: number;
  attempts: number;
}

const WORK: ReadonlySet<FileState> = new Set(['decoding', 'enhancing', 'encoding']);

/** One batch as the journal should know it, kept in a list. Answers are what the store answers, refusals 'refused'. */
export class QueueModel {
  state: BatchState = 'queued';
  /** Paused because all that is left is, and not by anybody. */
  #allPaused = false;
  files: ModelFile[];

  constructor(names: readonly string[]) {
    this.files = names.map((name, index) => ({
      ...{ id: index + 1, name, state: 'queued', owner: undefined, paused: false, priority: 0, attempts: 0 },
    }));
  }

  remove(id: number): number {
    const before = this.files.length;
    this.files = this.files.filter((file) => file.id !== id || file.state !== 'queued');
    return before - this.files.length;
  }

  take(owner: number, count: number): number[] {
    if (this.state !== 'queued' && this.state !== 'running') return [];
    const taken = this.files
      .filter((file) => file.state === 'queued' && !file.paused)
      .sort((a, b) => b.priority - a.priority || a.id - b.id)
      .slice(0, count);
    for (const file of taken) {
      Object.assign(file, { state: 'decoding', owner, attempts: file.attempts + 1 });
    }
    if (taken.length > 0) this.state = 'running';
    return taken.map(({ id }) => id);
  }

  move(owner: number, id: number, state: FileState): void {
    const file = this.#find(id);
    if (file?.owner === owner) file.state = state;
  }

  finish(owner: number, id: number, state: FileState): 'refused' | undefined {
    const file = this.#find(id);
    if (file?.owner !== owner) return 'refused';
    Object.assign(file, { state, owner: undefined });
    return undefined;
  }

  requeue(owner: number, id: number): 'refused' | undefined {
    return this.finish(owner, id, this.state === 'cancelled' ? 'cancelled' : 'queued');
  }

  pause(id: number, paused: boolean): void {
    const file = this.#find(id);
    if (file?.state !== 'queued') return;
    file.paused = paused;
    if (!paused) this.#wake();
  }

  prioritise(id: number): 'refused' | undefined {
    const file = this.#find(id);
    if (!file) return 'refused';
    const front = Math.max(...this.files.map(({ priority }) => priority)) + 1;
    if (file.state === 'queued') file.priority = front;
    return undefined;
  }

  cancel(id: number): number[] | 'refused' {
    const file = this.#find(id);
    if (!file) return 'refused';
    if (file.state === 'queued') file.state = 'cancelled';
    return file.owner === undefined ? [] : [id];
  }

  setState(state: 'queued' | 'running' | 'paused' | 'cancelled'): 'refused' | undefined {
    if (this.#isOver()) return this.state === state ? undefined : 'refused';
    if (state === 'cancelled') {
      for (const file of this.files) if (file.state === 'queued') file.state = 'cancelled';
    }
    if (state === 'queued' && this.#allPaused) {
      for (const file of this.files) if (file.state === 'queued') file.paused = false;
    }
    this.state = state;
    this.#allPaused = false;
    return undefined;
  }

  retry(state: 'failed' | 'cancelled'): number {
    const again = this.files.filter((file) => file.state === state);
    for (const file of again) Object.assign(file, { state: 'queued', paused: false });
    if (again.length > 0 && this.#isOver()) this.state = 'queued';
    if (again.length > 0) this.#wake();
    return again.length;
  }

  settle(): BatchState {
    const has = (state: FileState) => this.files.some((file) => file.state === state);
    const waiting = this.files.filter(({ state }) => state === 'queued');
    if (this.#isOver() || this.files.some(({ state }) => WORK.has(state))) return this.state;
    if (waiting.length === 0) {
      this.state = has('failed') ? 'partial' : has('cancelled') ? 'cancelled' : 'done';
    } else if (this.state !== 'paused' && waiting.every(({ paused }) => paused)) {
      this.state = 'paused';
      this.#allPaused = true;
    }
    return this.state;
  }

  #wake(): void {
    if (this.#allPaused) this.state = 'queued';
    this.#allPaused = false;
  }

  #find(id: number): ModelFile | undefined {
    return this.files.find((file) => file.id === id);
  }

  #isOver(): boolean {
    return this.state === 'partial' || this.state === 'done' || this.state === 'cancelled';
  }
}
