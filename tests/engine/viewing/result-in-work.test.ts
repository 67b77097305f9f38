import { expect, it } from 'vitest';
import { LatestFirst } from '../../../src/engine/viewing/latest-first.ts';
import { type PixelPlace, ResultInWork } from '../../../src/engine/viewing/result-in-work.ts';

const size = { width: 4, height: 4, bands: 3, deep: false };
const place: PixelPlace = { kind: 'file', file: 'first' };
const view = { size, pixels: place, alpha: undefined, carrier: 'c' };

it('samples are not moved, and memory not given back, while somebody reads', async () => {
  const result = new ResultInWork();
  expect(await result.read(async () => 'seen')).toBeUndefined();
  result.begin(view);
  const events: string[] = [];
  const reading = Promise.withResolvers<void>();
  const read = result.read(async () => {
    await reading.promise;
    events.push('read');
  });
  const moved = result.move(async () => {
    events.push('moved');
    return { kind: 'file', file: 'second' };
  });
  const after = result.read(async ({ pixels }) => {
    events.push('read again');
    return pixels;
  });
  reading.resolve();
  expect(await after).toEqual({ kind: 'file', file: 'second' });
  await Promise.all([read, moved]);
  expect(events).toEqual(['read', 'moved', 'read again']);
  await result.close();
  expect(await result.read(async () => 'seen')).toBeUndefined();
});

it('who looks and fails keeps nobody from closing', async () => {
  const result = new ResultInWork();
  result.begin(view);
  const failed = result.read(() => Promise.reject(new Error('no such square')));
  await expect(failed).rejects.toThrow('no such square');
  await result.close();
  await expect(result.move(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
  expect(await result.read(async () => 'seen')).toBeUndefined();
});

it('what was asked for last is done first', async () => {
  const line = new LatestFirst();
  const gate = Promise.withResolvers<void>();
  const done: number[] = [];
  const first = line.run(() => gate.promise);
  const others = [1, 2, 3].map((number) => line.run(async () => done.push(number)));
  const failing = line.run(() => Promise.reject(new Error('broken')));
  gate.resolve();
  await expect(failing).rejects.toThrow('broken');
  await Promise.all([first, ...others]);
  expect(done).toEqual([3, 2, 1]);
});
