import { availableParallelism, cpus, totalmem } from 'node:os';

/** What this machine offers, and the settings that follow from it. */
export interface Machine {
  processor: string;
  cores: number;
  /** Bytes; the container's limit where there is one. */
  memory: number;
}

export function describeMachine(): Machine {
  const limit = process.constrainedMemory();
  return {
    processor: cpus()[0]?.model.trim() ?? 'not reported',
    cores: availableParallelism(),
    // "No limit" is reported as zero or as a number beyond any memory.
    memory: limit > 0 && limit < totalmem() ? limit : totalmem(),
  };
}

/** Frames may take half of the memory: the rest is the system's, the networks' and the user's. */
export function defaultMemoryBudget({ memory }: Machine): number {
  return Math.floor(memory / 2);
}

/** A worker a core, each computing with one thread: workers beside each other have nothing to wait for. */
export function defaultParallelism({ cores }: Machine): { workers: number; threads: number } {
  return { workers: cores, threads: 1 };
}

/** What the processes take beside the pictures in work: programs, networks, tiles and the encoders' own. In bytes. */
const BESIDE_FRAMES = 400e6;

/** The bytes of a memory budget that pictures in work may take; at least half of it. */
export function frameMemory(budget: number): number {
  return Math.floor(Math.max(budget / 2, budget - BESIDE_FRAMES));
}

/** The bytes of a memory budget that one encoder which holds its whole picture may take; two may be at work. */
export function encoderMemory(budget: number): number {
  return Math.floor(budget / 2);
}
