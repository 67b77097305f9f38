import { expect, it } from 'vitest';
import {
  LARGEST_PREVIEW,
  type MediaRequest,
  mediaUrl,
  parseMedia,
} from '../../../src/shared/contract/media.ts';

const REQUESTS: MediaRequest[] = [
  { kind: 'source', id: 12, side: 256 },
  { kind: 'result', id: 1, side: LARGEST_PREVIEW },
  { kind: 'path', path: 'Reise & Meer/100 %/é?#.jpg', side: 16 },
  { kind: 'upload', id: '0b5f0a1e-8a5c-4f5e-9d3b-0a1b2c3d4e5f', side: 64 },
  { kind: 'download', id: 3 },
  { kind: 'zip', id: 4 },
];

const parse = (address: string) => {
  const { pathname, searchParams } = new URL(address);
  return parseMedia(pathname.replace(/^\/media/, ''), searchParams);
};

it.each(REQUESTS)('an address of %j is read as what it was made of', (request) => {
  expect(parse(mediaUrl('http://127.0.0.1/media', request))).toEqual(request);
  expect(parse(mediaUrl('app://media', request))).toEqual(request);
});

it.each([
  'source?id=0&side=64',
  'source?id=1',
  `source?id=1&side=${LARGEST_PREVIEW + 1}`,
  'upload?id=..&side=64',
  'zip',
  'other?id=1',
])('%s is no address of ours', (address) => {
  expect(parse(`http://127.0.0.1/media/${address}`)).toBeUndefined();
});
