import { expect, it } from 'vitest';
import { endedDownloads, hostOf, offeredState } from '../../../src/renderer/models/offered-facts.ts';
import type { Download, OfferedModel } from '../../../src/shared/contract/catalogue.ts';

const offered = (state: OfferedModel['state'], bytesDone = 0): OfferedModel => ({
  ...{ id: 'one', title: 'One', description: 'Made up.', task: 'upscale', scale: 2, author: 'Somebody' },
  licence: { id: 'MIT', text: 'https://example.com/licence' },
  ...{ home: 'https://example.com/', address: 'https://example.com/one.onnx', figures: 'Made up.' },
  ...{ bytes: 100, sha256: '0'.repeat(64), state, bytesDone },
});
const told = (state: Download['state'], bytesDone = 40): Download => ({
  ...{ id: 'one', state, bytesDone, bytesTotal: 120 },
});

it('what is told of a download that goes on is newer than the catalogue', () => {
  const downloading = { kind: 'downloading', bytesDone: 40, bytesTotal: 120 };
  expect(offeredState(offered('absent'), told('downloading'))).toEqual(downloading);
  expect(offeredState(offered('partial', 10), told('downloading'))).toEqual(downloading);
  expect(offeredState(offered('downloading', 10), told('checking'))).toEqual({ kind: 'checking' });
});

it('once it has ended, the catalogue knows what is left of it', () => {
  expect(offeredState(offered('here'), told('done'))).toEqual({ kind: 'here' });
  expect(offeredState(offered('absent'), told('failed'))).toEqual({ kind: 'absent' });
  const partial = { kind: 'partial', bytesDone: 40, bytesTotal: 100 };
  expect(offeredState(offered('partial', 40), told('cancelled'))).toEqual(partial);
  // The catalogue has not been asked again yet.
  expect(offeredState(offered('downloading', 40), told('done'))).toEqual({ kind: 'here' });
  expect(offeredState(offered('downloading', 40), told('cancelled'))).toEqual(partial);
});

it('without any message the catalogue is all there is', () => {
  expect(offeredState(offered('absent'), undefined)).toEqual({ kind: 'absent' });
  expect(offeredState(offered('partial', 7), undefined)).toMatchObject({ kind: 'partial', bytesDone: 7 });
  expect(offeredState(offered('downloading', 7), undefined)).toMatchObject({ kind: 'downloading' });
});

it('tells which downloads have ended', () => {
  const downloads = (states: Record<string, Download['state']>) =>
    new Map(Object.entries(states).map(([id, state]) => [id, { ...told(state), id }]));
  const before = downloads({ one: 'checking', two: 'downloading', three: 'failed', four: 'downloading' });
  const now = downloads({ one: 'done', two: 'failed', three: 'failed', four: 'downloading', five: 'done' });
  expect(endedDownloads(before, now).map(({ id, state }) => `${id} ${state}`)).toEqual([
    'one done',
    'two failed',
  ]);
});

it('names the host of an address', () => {
  expect(hostOf('https://example.com/a/b.onnx')).toBe('example.com');
  expect(hostOf('nothing')).toBe('nothing');
});
