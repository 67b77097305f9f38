import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { webArguments } from '../../../src/main/shells/web/web-arguments.ts';

it('npm start’s words', () => {
  const words = [
    'a.jpg',
    '--root',
    'photos',
    '--port=8080',
    '--no-open',
    join('/', 'trip'),
    '--',
    '--odd.jpg',
  ];
  expect(webArguments(words)).toEqual({
    ...{ root: resolve('photos'), port: 8080, open: false },
    paths: [resolve('a.jpg'), resolve('/trip'), resolve('--odd.jpg')],
  });
  expect(webArguments([])).toEqual({ root: undefined, port: undefined, open: true, paths: [] });
});

it.each([
  [['--nonsense'], /--nonsense/],
  [['--root'], /--root/],
  [['--port', '0'], /--port 0: expected a whole number/],
  [['--port', 'x'], /--port x: expected/],
])('%j is refused', (words, message) => {
  expect(() => webArguments(words)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  expect(() => webArguments(words)).toThrow(message);
});
