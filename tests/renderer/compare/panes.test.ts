import { expect, test } from 'vitest';
import { panesOf } from '../../../src/renderer/compare/panes.ts';

test.each([
  ['slider', true, false, 'source', 'result'],
  ['slider', true, true, 'source', undefined],
  ['side', true, false, 'source', 'result'],
  ['side', true, true, 'source', 'source'],
  ['hold', true, false, undefined, 'result'],
  ['hold', true, true, 'source', undefined],
  ['slider', false, false, 'source', undefined],
  ['side', false, true, 'source', undefined],
  ['hold', false, false, 'source', undefined],
] as const)('%s, comparable %s, peeking %s', (mode, comparable, peeking, source, result) => {
  expect(panesOf(mode, comparable, peeking)).toEqual({ source, result });
});
