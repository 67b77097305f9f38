import { expect, it } from 'vitest';
import { stageLimit } from '../../../../src/main/engine/supervisor/stage-limit.ts';

it('a stage may take a minute or two, and more for a large picture', () => {
  const small = { sourcePixels: 0, resultPixels: 0 };
  const large = { sourcePixels: 24e6, resultPixels: 384e6 };
  const seconds = (['decoding', 'enhancing', 'encoding', 'verifying'] as const).map((state) => [
    state,
    stageLimit(state, small) / 1000,
    stageLimit(state, large) / 1000,
  ]);
  expect(seconds).toEqual([
    ['decoding', 60, 300],
    ['enhancing', 120, 120],
    ['encoding', 60, 7740],
    ['verifying', 60, 1980],
  ]);
});
