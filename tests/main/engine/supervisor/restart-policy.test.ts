import { describe, expect, it } from 'vitest';
import { RestartPolicy } from '../../../../src/main/engine/supervisor/restart-policy.ts';
import { DEFAULT_LIMITS } from '../../../../src/main/engine/supervisor/supervision-limits.ts';

/** What follows on so many deaths of engines that had greeted. */
function deaths(policy: RestartPolicy, count: number): (number | undefined)[] {
  return Array.from({ length: count }, () => {
    policy.started();
    return policy.died(true);
  });
}

describe('an engine that died', () => {
  it('is followed by the next at once, later ones after longer and longer, the eighth by none', () => {
    const policy = new RestartPolicy(DEFAULT_LIMITS);
    expect(deaths(policy, 8)).toEqual([0, 250, 500, 1000, 2000, 4000, 8000, undefined]);
  });

  it('never has to wait for more than half a minute', () => {
    const policy = new RestartPolicy({ ...DEFAULT_LIMITS, deaths: 100 });
    expect(deaths(policy, 12).slice(7)).toEqual([16_000, 30_000, 30_000, 30_000, 30_000]);
  });

  it('is forgiven what was before a finished file', () => {
    const policy = new RestartPolicy(DEFAULT_LIMITS);
    deaths(policy, 7);
    policy.finished();
    expect(deaths(policy, 2)).toEqual([0, 250]);
  });
});

describe('an engine that did not start', () => {
  it('is tried three times', () => {
    const policy = new RestartPolicy(DEFAULT_LIMITS);
    expect([1, 2, 3].map(() => policy.died(false))).toEqual([0, 250, undefined]);
  });

  it('is tried three times again after one that started', () => {
    const policy = new RestartPolicy(DEFAULT_LIMITS);
    policy.died(false);
    policy.died(false);
    deaths(policy, 1);
    expect([1, 2, 3].map(() => policy.died(false))).toEqual([1000, 2000, undefined]);
  });

  it('is tried three times again when somebody asks for it', () => {
    const policy = new RestartPolicy(DEFAULT_LIMITS);
    for (let start = 0; start < 3; start++) policy.died(false);
    policy.reset();
    expect([1, 2, 3].map(() => policy.died(false))).toEqual([0, 250, undefined]);
  });
});
