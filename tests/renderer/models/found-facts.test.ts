import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import { answeredFindings, foundFacts } from '../../../src/renderer/models/found-facts.ts';
import { startWords } from '../../../src/renderer/words/index.ts';
import type { ModelFindings } from '../../../src/shared/probing.ts';

beforeAll(() => startWords('en'));

const FINDINGS: ModelFindings = {
  ...{ task: 'upscale', scale: 4, receptiveRadius: 32, exact: true, padding: 'same', layout: 'NCHW' },
  ...{ channelOrder: 'RGB', channels: 3, multiple: 1, input: 'in', output: 'out', dtype: 'float32' },
  ...{ range: [0, 1], tile: { cpu: [256, 192] }, parameters: 16_700_000, notes: [] },
  certain: { scale: 'measured', receptiveRadius: 'measured', range: 'assumed', channels: 'read' },
  questions: [
    {
      ...{ id: 'range', text: 'Which values?', default: '0..1' },
      choices: [
        { value: '0..1', label: '0 to 1', changes: { range: [0, 1] } },
        { value: '0..255', label: '0 to 255', changes: { range: [0, 255] } },
      ],
    },
  ],
};

const wordsOf = (findings: ModelFindings) =>
  foundFacts(findings, i18next.t, 'en').map(({ name, value, certain }) =>
    [name, value, ...(certain === undefined ? [] : [certain])].join(': '),
  );

it('says in words what was found, and how', () => {
  expect(wordsOf(FINDINGS)).toEqual([
    'What it does: Enlarges ×4: measured',
    'Tiles: 256 × 192 pixels, with 32 around them: measured',
    'Values: 0 to 1: assumed',
    'Colours: red, green, blue: said by the file',
    'Seams: none: tiles agree to the byte',
    'Weights: 16,700,000',
  ]);
});

it('says what is unusual', () => {
  const strength = { input: 'w', dtype: 'float32', dims: [], from: 0, to: 1, default: 0.5 } as const;
  const unusual: ModelFindings = {
    ...FINDINGS,
    ...{ fixed: [128, 128], receptiveRadius: 16, multiple: 8, exact: false, range: [-1, 1] },
    ...{ channelOrder: 'BGR', strength: { ...strength, dims: [] } },
  };
  expect(wordsOf(unusual)).toEqual([
    'What it does: Enlarges ×4: measured',
    'Tiles: exactly 128 × 128 pixels, 16 of them on each side as surroundings: measured',
    'Sides: multiples of 8',
    'Values: -1 to 1: assumed',
    'Colours: blue, green, red: said by the file',
    'Strength: can be chosen; 50% where nobody does',
    'Seams: blended: tiles alone would not agree',
    'Weights: 16,700,000',
  ]);
});

it('speaks of no strength where the network always gets the same number', () => {
  const strength = { input: 'w', dtype: 'float32' as const, dims: [], from: 0.5, to: 0.5, default: 0.5 };
  expect(wordsOf({ ...FINDINGS, strength })).toEqual(wordsOf(FINDINGS));
});

it('follows the answers; what is not answered stays', () => {
  expect(answeredFindings(FINDINGS, { range: '0..255' }).range).toEqual([0, 255]);
  expect(answeredFindings(FINDINGS, {})).toEqual(FINDINGS);
  expect(answeredFindings(FINDINGS, { range: 'whatever', other: '1' })).toEqual(FINDINGS);
});
