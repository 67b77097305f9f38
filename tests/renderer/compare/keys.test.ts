import { expect, test } from 'vitest';
import { commandOf } from '../../../src/renderer/compare/keys.ts';

const press = (
  key: string,
  tall = true,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {},
) => commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held }, tall);

test.each([
  ['ArrowLeft', { kind: 'pan', x: 1, y: 0 }],
  ['ArrowUp', { kind: 'pan', x: 0, y: 1 }],
  ['+', { kind: 'zoom', direction: 1 }],
  ['-', { kind: 'zoom', direction: -1 }],
  ['0', { kind: 'fit' }],
  ['1', { kind: 'actual' }],
  [' ', { kind: 'peek' }],
  ['[', { kind: 'go', direction: -1 }],
  ['f', { kind: 'full' }],
] as const)('%s', (key, command) => {
  expect(press(key)).toEqual(command);
});

test('up and down lead to other photographs where there is nothing to pan', () => {
  expect(press('ArrowUp', false)).toEqual({ kind: 'go', direction: -1 });
  expect(press('ArrowDown', false)).toEqual({ kind: 'go', direction: 1 });
});

test('keys held with Ctrl and the like are left to others', () => {
  for (const held of ['ctrlKey', 'metaKey', 'altKey'] as const) {
    expect(press('0', true, { [held]: true })).toBeUndefined();
  }
  expect(press('x')).toBeUndefined();
});
