import { describe, expect, test } from 'vitest';
import { type Camera, fitted, type View } from '../../../src/renderer/compare/camera.ts';
import { fileScene, firstLooks, pictureScene, type Scene } from '../../../src/renderer/compare/scene.ts';
import {
  type Known,
  layerInView,
  standIns,
  wantsOf,
  wholeHeld,
} from '../../../src/renderer/compare/wants.ts';
import { TestBitmap } from './test-bitmap.ts';

const VIEW: View = { width: 1000, height: 800, top: 0, right: 0, bottom: 0, left: 0 };
const SIZE = { width: 4000, height: 3000 };
const FILE = { id: 7, size: SIZE, alpha: false, scale: 2 };
const DONE = { ...FILE, done: 'abcdef0123456789fedcba9876543210' };

const known = (keys: string[] = [], refused: string[] = []): Known => ({
  held: (key) => (keys.includes(key) ? { bitmap: new TestBitmap(), full: false, version: '' } : undefined),
  isRefused: (group) => refused.includes(group),
});

function wanted(scene: Scene, camera: Camera, what = known()): string[] {
  const layers = [scene.source, ...(scene.result ? [scene.result] : [])];
  const inView = layers.map((layer) => layerInView(layer, scene, camera, VIEW));
  return wantsOf(inView, scene.alpha, what).map(({ url }) => url);
}

describe('a finished file', () => {
  test('is shown from previews as long as these are large enough', () => {
    const scene = fileScene(DONE);
    expect(scene.size).toEqual({ width: 8000, height: 6000 });
    expect(wanted(scene, fitted(scene.size, VIEW))).toEqual([
      '/media/source?id=7&side=1600',
      '/media/result?id=7&side=1600',
    ]);
  });

  test('is shown from squares when looked at closely, the result first, from the middle outwards', () => {
    const urls = wanted(fileScene(DONE), { x: 4352, y: 3328, zoom: 1 });
    expect(urls.slice(0, 4)).toEqual([
      '/media/source?id=7&side=1600',
      '/media/result?id=7&side=1600',
      '/media/square?id=7&of=result&level=0&column=8&row=6&state=abcdef0123456789',
      '/media/square?id=7&of=source&level=0&column=4&row=3&state=source',
    ]);
    expect(urls.filter((url) => url.includes('of=result'))).toHaveLength(9);
    expect(urls.filter((url) => url.includes('of=source'))).toHaveLength(4);
  });

  test('both sides are looked at by the same squares of the scene', () => {
    const scene = fileScene(DONE);
    const camera = { x: 4000, y: 3000, zoom: 0.25 };
    const { result, source } = scene;
    expect(layerInView(source, scene, camera, VIEW)).toMatchObject({ level: 1, zoom: 0.5 });
    expect(result && layerInView(result, scene, camera, VIEW)).toMatchObject({ level: 2, zoom: 0.25 });
  });

  test('where squares are refused, a large preview stands in', () => {
    const urls = wanted(fileScene(DONE), { x: 4000, y: 3000, zoom: 1 }, known([], ['source 7', 'result 7']));
    expect(urls.slice(0, 4)).toEqual([
      '/media/source?id=7&side=1600',
      '/media/source?id=7&side=4096',
      '/media/result?id=7&side=1600',
      '/media/result?id=7&side=4096',
    ]);
  });

  test('with transparency is never shown from previews, which are opaque, unless there is nothing else', () => {
    const scene = fileScene({ ...DONE, alpha: true });
    const urls = wanted(scene, fitted(scene.size, VIEW));
    expect(urls.length).toBeGreaterThan(0);
    expect(urls.every((url) => url.startsWith('/media/square'))).toBe(true);
    expect(wanted(scene, fitted(scene.size, VIEW), known([], ['source 7']))[0]).toBe(
      '/media/source?id=7&side=1600',
    );
  });
});

test('squares that are there stand in for a preview that is not', () => {
  const scene = fileScene(DONE);
  const inView = layerInView(scene.source, scene, fitted(scene.size, VIEW), VIEW);
  expect(inView.needed).toBe(false);
  expect(inView.squares.map(({ want }) => want.key)).toContain('source 7 2 0 0');
});

describe('a file in work', () => {
  const half = fileScene({ ...FILE, stampOf: ({ x }) => (x < 4000 ? 5 : 0) });

  test('is asked for where something of it is done, also when it is small', () => {
    const urls = wanted(half, fitted(half.size, VIEW)).filter((url) => url.includes('of=result'));
    expect(urls).toEqual([
      '/media/square?id=7&of=result&level=3&column=0&row=0&state=5',
      '/media/square?id=7&of=result&level=3&column=0&row=1&state=5',
    ]);
  });

  test('has no result before anything of it can be there', () => {
    expect(fileScene(FILE).result).toBeUndefined();
    expect(fileScene(FILE).done).toBe(false);
  });

  test('its squares and those of the finished result have the same names', () => {
    const part = { x: 0, y: 0, width: 512, height: 512 };
    const place = { level: 0, column: 0, row: 0 };
    const working = half.result?.square?.(place, part);
    const finished = fileScene(DONE).result?.square?.(place, part);
    expect(working?.key).toBe(finished?.key);
    expect(working?.version).not.toBe(finished?.version);
    expect(working?.group).not.toBe(finished?.group);
  });
});

test('what was just dropped is shown from the browser until main has a picture of it', () => {
  const scene = fileScene({ ...FILE, picture: 'blob:1' });
  const camera = fitted(scene.size, VIEW);
  expect(wanted(scene, camera)).toEqual(['blob:1', '/media/source?id=7&side=1600']);
  expect(wanted(scene, camera, known(['source 7 1600']))).toEqual(['/media/source?id=7&side=1600']);
  expect(wholeHeld(scene.source, known(['blob:1']))).toBe('blob:1');
  expect(wholeHeld(scene.source, known(['blob:1', 'source 7 1600']))).toBe('source 7 1600');
});

test('what main does not enlarge yet is one picture', () => {
  const scene = pictureScene('blob:2', SIZE, 4);
  expect(scene.size).toEqual({ width: 16_000, height: 12_000 });
  expect(wanted(scene, { x: 8000, y: 6000, zoom: 1 })).toEqual(['blob:2']);
});

test('squares of other levels stand in for the same part', () => {
  const scene = fileScene(DONE);
  const inView = layerInView(scene.source, scene, { x: 4000, y: 3000, zoom: 1 }, VIEW);
  expect(standIns(inView, 2).map(({ want }) => want.key)).toEqual(['source 7 2 0 0', 'source 7 2 1 0']);
  expect(standIns(inView, -1)).toEqual([]);
});

test('the first looks at a neighbour are its previews', () => {
  expect(firstLooks(3, undefined).map(({ url }) => url)).toEqual(['/media/source?id=3&side=1600']);
  expect(firstLooks(3, 'ab').map(({ key }) => key)).toEqual(['source 3 1600', 'result 3 1600']);
});
