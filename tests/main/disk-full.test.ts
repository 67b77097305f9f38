import { expect, it } from 'vitest';
import { isDiskFull } from '../../src/main/disk-full.ts';

it.each([
  ['no space', Object.assign(new Error('no space left'), { code: 'ENOSPC' }), true],
  ['a used-up quota', Object.assign(new Error('quota exceeded'), { code: 'EDQUOT' }), true],
  ['a closed folder', Object.assign(new Error('denied'), { code: 'EACCES' }), false],
  ['an error of no code', new Error('no'), false],
  ['nothing', undefined, false],
  ['null', null, false],
])('%s', (_, error, full) => {
  expect(isDiskFull(error)).toBe(full);
});
