import { describe, expect, it } from 'vitest';
import { chooseMoment, type Standing } from '../../chaos/moment.ts';
import { SeededRandom } from '../../chaos/seeded-random.ts';

const STANDING: Standing = { filesLeft: 500, killsLeft: 200, engineDeaths: 0, alive: false };

function moments(change: Partial<Standing>, seed = 1) {
  const random = new SeededRandom(seed);
  return Array.from({ length: 200 }, () => chooseMoment(random, { ...STANDING, ...change }));
}

const occasions = (change: Partial<Standing>) => new Set(moments(change).map(({ occasion }) => occasion));

describe('chooseMoment', () => {
  it('chooses the same for the same seed, and something else for another', () => {
    expect(moments({})).toEqual(moments({}));
    expect(moments({}, 2)).not.toEqual(moments({}));
  });

  it('comes to every occasion, and to both processes', () => {
    expect(occasions({})).toEqual(
      new Set(['spawn', 'engine', 'journal', 'started', 'temporary', 'result', 'done']),
    );
    expect(new Set(moments({}).map(({ victim }) => victim))).toEqual(new Set(['main', 'engine']));
  });

  it('does not wait for a start where main runs already', () => {
    expect(occasions({ alive: true })).not.toContain('spawn');
  });

  it('lets no result be made where there are hardly more files left than are in work at once', () => {
    expect(occasions({ filesLeft: 12, killsLeft: 1 })).toEqual(
      new Set(['spawn', 'engine', 'journal', 'started']),
    );
  });

  it('spares an engine after many deaths without a result: another would be one too many', () => {
    expect(new Set(moments({ engineDeaths: 4 }).map(({ victim }) => victim))).toEqual(new Set(['main']));
  });
});
