import { expect, it } from 'vitest';
import { sessionShares } from '../../../src/engine/inference/session-shares.ts';
import { anyEntry } from '../../support/models.ts';

const { spec } = anyEntry('float32');

it('processors have a session in each worker', () => {
  expect(sessionShares(spec, 3)).toEqual([spec, spec, spec]);
});

it('a card has one', () => {
  const card = { ...spec, provider: 'cuda', device: 1 } as const;
  expect(sessionShares(card, 3)).toEqual([card]);
});

it.each([
  [3, [4, 6]],
  [2, [4, 6]],
  [1, [4]],
])('several cards have one each, as far as there are workers: %i', (workers, expected) => {
  const cards = { ...spec, provider: 'cuda' as const, devices: [4, 6] };
  expect(sessionShares(cards, workers)).toEqual(
    expected.map((device) => ({ ...spec, provider: 'cuda', device })),
  );
});
