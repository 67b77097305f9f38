import { expect, it } from 'vitest';
import { Lanes } from '../../../src/renderer/intake/lanes.ts';

it('runs so many at a time, in their order, and goes on after failures', async () => {
  const lanes = new Lanes(2);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  const begun: number[] = [];
  const ends = gates.map(({ promise }, index) =>
    lanes.run(() => {
      begun.push(index);
      return promise;
    }),
  );
  const settled = Promise.allSettled(ends);
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('no'));
  await expect(ends[1]).rejects.toThrow('no');
  expect(begun).toEqual([0, 1, 2]);
  gates[2]?.resolve(2);
  await ends[2];
  expect(begun).toEqual([0, 1, 2, 3]);
  gates[0]?.resolve(0);
  gates[3]?.resolve(3);
  expect((await settled).map(({ status }) => status)).toEqual([
    ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  ]);
  await expect(lanes.run(async () => 'free again')).resolves.toBe('free again');
});
