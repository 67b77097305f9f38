import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeathCause, EngineDeath } from '../../../../src/main/engine/supervisor/engine-death.ts';
import { Suspects } from '../../../../src/main/engine/supervisor/suspicion.ts';

const by = (cause: DeathCause): EngineDeath => ({
  generation: 1,
  cause,
  signal: null,
  exitCode: null,
  detail: '',
});

const OWN = ['crashed', 'hung', 'out-of-memory'] as const;

describe('an engine that dies by its own fault', () => {
  it.each(OWN)('(%s) makes suspects of all files in work, and strikes none', (cause) => {
    const suspects = new Suspects<string>();
    expect(suspects.died(by(cause), ['a', 'b'])).toEqual([
      { file: 'a', strikes: 0, next: 'retry-alone' },
      { file: 'b', strikes: 0, next: 'retry-alone' },
    ]);
    expect(suspects.mayStart('a', [])).toBe(true);
    expect(suspects.mayStart('a', ['c'])).toBe(false);
    expect(suspects.mayStart('c', ['a'])).toBe(false);
    expect(suspects.mayStart('c', ['d', 'e'])).toBe(true);
  });

  it.each(OWN)('(%s) strikes the file that was alone, and gives it up at the third', (cause) => {
    const suspects = new Suspects<string>();
    expect([1, 2, 3].flatMap(() => suspects.died(by(cause), ['a']))).toEqual([
      { file: 'a', strikes: 1, next: 'retry-alone' },
      { file: 'a', strikes: 2, next: 'retry-alone' },
      { file: 'a', strikes: 3, next: 'quarantine' },
    ]);
    // Whoever wants it tried all the same begins anew.
    expect(suspects.died(by(cause), ['a'])).toMatchObject([{ strikes: 1 }]);
  });

  it('with nothing in work accuses nobody', () => {
    expect(new Suspects<string>().died(by('crashed'), [])).toEqual([]);
  });
});

describe('an engine that somebody killed', () => {
  it('accuses nobody', () => {
    const suspects = new Suspects<string>();
    expect(suspects.died(by('killed'), ['a', 'b'])).toEqual([
      { file: 'a', strikes: 0, next: 'retry' },
      { file: 'b', strikes: 0, next: 'retry' },
    ]);
    expect(suspects.mayStart('a', ['b'])).toBe(true);
  });

  it('acquits nobody either', () => {
    const suspects = new Suspects<string>([['a', 2]]);
    expect(suspects.died(by('killed'), ['a'])).toEqual([{ file: 'a', strikes: 2, next: 'retry-alone' }]);
    expect(suspects.mayStart('a', ['b'])).toBe(false);
  });
});

it('a file that is finished is no suspect any more', () => {
  const suspects = new Suspects<string>();
  suspects.died(by('crashed'), ['a']);
  suspects.died(by('crashed'), ['a']);
  suspects.finished('a');
  expect(suspects.mayStart('a', ['b'])).toBe(true);
  expect(suspects.died(by('crashed'), ['a'])).toMatchObject([{ strikes: 1 }]);
});

it('strikes of an earlier run count, and none is none', () => {
  const suspects = new Suspects<string>([
    ['a', 2],
    ['b', 0],
  ]);
  expect([suspects.mayStart('a', ['c']), suspects.mayStart('b', ['c'])]).toEqual([false, true]);
  expect(suspects.died(by('hung'), ['a'])).toEqual([{ file: 'a', strikes: 3, next: 'quarantine' }]);
});

it('whatever the files do, all innocent ones are finished, and each guilty one after three deaths alone', () => {
  const batches = fc.record({
    poisons: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
    together: fc.integer({ min: 1, max: 6 }),
    /** Before which steps somebody kills the engine. */
    kills: fc.array(fc.boolean(), { maxLength: 20 }),
    /** Which of the files in work is next to do something. */
    picks: fc.array(fc.nat(), { minLength: 1, maxLength: 30 }),
  });
  fc.assert(
    fc.property(batches, ({ poisons, together, kills, picks }) => {
      const suspects = new Suspects<number>();
      const waiting = poisons.map((_, file) => file);
      let inWork: number[] = [];
      const [done, quarantined] = [new Set<number>(), new Set<number>()];
      const aloneDeaths = poisons.map(() => 0);
      const die = (cause: DeathCause) => {
        if (cause !== 'killed' && inWork.length === 1)
          aloneDeaths[inWork[0] as number] = 1 + (aloneDeaths[inWork[0] as number] as number);
        for (const { file, next } of suspects.died(by(cause), inWork)) {
          if (next === 'quarantine') quarantined.add(file);
          else waiting.push(file);
        }
        inWork = [];
      };
      for (let step = 0; waiting.length + inWork.length > 0; step++) {
        expect(step).toBeLessThan(1000);
        for (const file of [...waiting]) {
          if (inWork.length === together || !suspects.mayStart(file, inWork)) continue;
          waiting.splice(waiting.indexOf(file), 1);
          inWork.push(file);
        }
        expect(inWork).not.toEqual([]);
        if (kills[step]) {
          die('killed');
          continue;
        }
        const file = inWork[(picks[step % picks.length] as number) % inWork.length] as number;
        if (poisons[file]) die('crashed');
        else {
          inWork = inWork.filter((other) => other !== file);
          suspects.finished(file);
          done.add(file);
        }
      }
      const files = poisons.map((_, file) => file);
      expect([...done].sort((a, b) => a - b)).toEqual(files.filter((file) => !poisons[file]));
      expect([...quarantined].sort((a, b) => a - b)).toEqual(files.filter((file) => poisons[file]));
      expect(aloneDeaths).toEqual(poisons.map((poison) => (poison ? 3 : 0)));
    }),
  );
});
