import { expect, it } from 'vitest';
import { clicked, type Selection, stepped } from '../../../src/renderer/strip/selection.ts';

const ORDER = [1, 2, 3, 4, 'entry-1'];
const NOTHING: Selection = { selected: new Set(), current: undefined, anchor: undefined };
const only = (photo: number | string) => clicked(NOTHING, ORDER, photo, 'alone');
const seen = ({ selected, current }: Selection) => [[...selected], current];

it('a click selects one alone, and looks at it', () => {
  expect(seen(clicked(clicked(only(1), ORDER, 3, 'toggle'), ORDER, 2, 'alone'))).toEqual([[2], 2]);
});

it('Shift selects from where one began, in either direction', () => {
  const down = clicked(only(2), ORDER, 4, 'range');
  expect(seen(down)).toEqual([[2, 3, 4], 4]);
  expect(seen(clicked(down, ORDER, 1, 'range'))).toEqual([[1, 2], 1]);
});

it('a range whose beginning is not listed any more begins anew', () => {
  expect(seen(clicked({ ...only(9), anchor: 9 }, ORDER, 3, 'range'))).toEqual([[3], 3]);
});

it('Ctrl adds and takes away; what is looked at stays among the selected', () => {
  const both = clicked(only(1), ORDER, 4, 'toggle');
  expect(seen(both)).toEqual([[1, 4], 4]);
  expect(seen(clicked(both, ORDER, 4, 'toggle'))).toEqual([[1], 1]);
  expect(seen(clicked(both, ORDER, 1, 'toggle'))).toEqual([[4], 4]);
});

it('the last one cannot be taken away', () => {
  expect(seen(clicked(only(2), ORDER, 2, 'toggle'))).toEqual([[2], 2]);
});

it('keys step from what is looked at, and stop at the ends', () => {
  expect(seen(stepped(only(2), ORDER, 1, 'alone'))).toEqual([[3], 3]);
  expect(seen(stepped(only(1), ORDER, -1, 'alone'))).toEqual([[1], 1]);
  expect(seen(stepped(only(3), ORDER, 8, 'alone'))).toEqual([['entry-1'], 'entry-1']);
  expect(seen(stepped(only(3), ORDER, 'first', 'alone'))).toEqual([[1], 1]);
  expect(seen(stepped(only(3), ORDER, 'last', 'range'))).toEqual([[3, 4, 'entry-1'], 'entry-1']);
});

it('a range is drawn, and drawn in again, step by step', () => {
  const two = stepped(only(2), ORDER, 1, 'range');
  const three = stepped(two, ORDER, 1, 'range');
  expect(seen(three)).toEqual([[2, 3, 4], 4]);
  expect(seen(stepped(three, ORDER, -1, 'range'))).toEqual([[2, 3], 3]);
});

it('steps begin at an end where what is looked at is not listed', () => {
  expect(seen(stepped(NOTHING, ORDER, 1, 'alone'))).toEqual([[1], 1]);
  expect(seen(stepped(only(9), ORDER, -1, 'alone'))).toEqual([['entry-1'], 'entry-1']);
  expect(stepped(NOTHING, [], 1, 'alone')).toBe(NOTHING);
});
