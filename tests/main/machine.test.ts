import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { defaultMemoryBudget, defaultParallelism, describeMachine } from '../../src/main/machine.ts';

describe('this machine', () => {
  it('has a name, cores, and no more memory than is built in', () => {
    const { processor, cores, memory } = describeMachine();
    expect(processor).not.toBe('');
    expect(Number.isInteger(cores) && cores >= 1).toBe(true);
    expect(memory).toBeGreaterThan(0);
    expect(memory).toBeLessThanOrEqual(totalmem());
  });
});

it('half of the memory is for frames, and each core gets a worker', () => {
  const machine = { processor: 'x', cores: 6, memory: 16_000_000_001 };
  expect([defaultMemoryBudget(machine), defaultParallelism(machine)]).toEqual([
    8_000_000_000,
    { workers: 6, threads: 1 },
  ]);
});
