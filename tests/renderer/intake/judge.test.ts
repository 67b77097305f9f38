import { expect, it } from 'vitest';
import { canShow, judge, sift } from '../../../src/renderer/intake/judge.ts';

const named = (name: string) => ({ name, bytes: 10, inFolder: false });
const lying = (name: string) => ({ name, bytes: 10, inFolder: true });

it.each(['a.jpg', 'A.JPEG', 'photo.with.dots.tif', 'x.heic', 'фото.webp', 'without-extension'])(
  'takes %s',
  (name) => {
    expect(judge(named(name))).toEqual({ take: true });
  },
);

it('says of known kinds what to do about them, without the name', () => {
  const verdict = judge(named('DSC_1.NEF'));
  expect(verdict).toEqual({
    take: false,
    why: 'format',
    message: expect.stringMatching(/^Camera raw files/),
  });
});

it.each(['notes.txt', 'clip.mp4', 'archive.tar.gz'])('%s is no picture', (name) => {
  expect(judge(named(name))).toEqual({ take: false, why: 'other' });
});

it('a file without an extension is a picture only where somebody has named it', () => {
  expect(judge(lying('README'))).toEqual({ take: false, why: 'other' });
});

it('what is hidden is passed over in folders, and not where it is named', () => {
  expect(judge(lying('._photo.jpg'))).toEqual({ take: false, why: 'hidden' });
  expect(judge(named('.photo.jpg'))).toEqual({ take: true });
});

it('an empty file and one that is too large are not taken', () => {
  expect(judge({ ...named('a.jpg'), bytes: 0 })).toEqual({ take: false, why: 'empty' });
  expect(judge({ ...named('a.jpg'), bytes: 11 }, 10)).toEqual({ take: false, why: 'large' });
  expect(judge({ ...named('a.jpg'), bytes: 10 }, 10)).toEqual({ take: true });
});

it('knows what a browser shows by itself', () => {
  expect(['a.jpg', 'a.PNG', 'a.avif', 'a.tif', 'a.heic', 'a'].map(canShow)).toEqual([
    ...[true, true, true],
    ...[false, false, false],
  ]);
});

it('shows of a folder what may be a picture, and counts what is none', () => {
  const found = ['a.jpg', 'b.xmp', '.c.jpg', 'd.cr2', 'e.txt'].map((name) => ({ file: { name, size: 1 } }));
  expect(sift([...found, { file: { name: 'f.jpg', size: 0 } }])).toEqual({
    shown: ['a.jpg', 'd.cr2', 'f.jpg'].map((name) => ({ file: expect.objectContaining({ name }) })),
    left: 2,
  });
});
