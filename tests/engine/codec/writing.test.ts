import { readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codecService } from '../../../src/engine/codec/codec-service.ts';
import { encode } from '../../../src/engine/codec/encode.ts';
import { verify } from '../../../src/engine/codec/verify.ts';
import { OUTPUT_FORMATS } from '../../../src/shared/formats.ts';
import { cutShort, temporaryFolder, writePicture } from '../../support/pictures.ts';
import { enlargeNearest, prepareNearest } from './nearest.ts';

describe('encode', () => {
  it.each(OUTPUT_FORMATS)('%s into a folder that is not there says so', async (format) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'photo.png'));
    const file = join(folder, 'no', 'such', `result.${format}`);
    const { work } = await prepareNearest(folder, source, { format, file });
    await expect(encode(work)).rejects.toMatchObject({
      code: 'encode-failed',
      file,
      message: `${file}: cannot be written (No such file or directory).`,
    });
    expect((await readdir(folder)).sort()).toEqual(['frame.carrier.v', 'photo.png']);
  });

  it.skipIf(process.platform !== 'linux').each(OUTPUT_FORMATS)(
    '%s onto a full disk says so',
    async (format) => {
      const folder = await temporaryFolder();
      const source = await writePicture(join(folder, 'photo.png'), { width: 200, height: 200 });
      const file = join(folder, 'result');
      const { work } = await prepareNearest(folder, source, { format, file });
      await symlink('/dev/full', file);
      await expect(encode(work)).rejects.toMatchObject({
        code: 'disk-full',
        file,
        message: `${file}: the disk is full. Make room and run again.`,
      });
      expect(await readdir(folder)).not.toContain('result');
      expect((await stat('/dev/full')).isCharacterDevice()).toBe(true);
    },
  );

  it('refuses a side that the format cannot hold', async () => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'wide.png'), { width: 8200, height: 1 });
    const { work } = await prepareNearest(folder, source, { format: 'webp' });
    await expect(encode(work)).rejects.toMatchObject({ code: 'encode-failed', file: work.temporary });
    expect(await readdir(folder)).not.toContain('result.webp');
  });
});

describe('verify', () => {
  it.each(OUTPUT_FORMATS)('refuses and removes %s that was cut short', async (format) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'photo.png'));
    const { file } = await enlargeNearest(folder, source, { format });
    await cutShort(file, 0.9);
    await expect(verify({ file, width: 74, height: 58 })).rejects.toMatchObject({
      code: 'verify-failed',
      file,
      message: expect.stringMatching(/was written but cannot be read back \(.+\)\.$/s),
    });
    expect(await readdir(folder)).not.toContain(`result.${format}`);
  });

  it('refuses another size', async () => {
    const folder = await temporaryFolder();
    const file = await writePicture(join(folder, 'result.png'));
    await expect(verify({ file, width: 38, height: 29 })).rejects.toMatchObject({
      code: 'verify-failed',
      message: expect.stringContaining('it has 37×29 pixels where 38×29 were written'),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a file that is gone', async () => {
    const file = join(await temporaryFolder(), 'result.png');
    await expect(verify({ file, width: 1, height: 1 })).rejects.toMatchObject({
      code: 'verify-failed',
      file,
    });
  });
});

it('the codec thread removes what it is told to, be it there or not', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'frame.v'), '');
  await writeFile(join(folder, 'kept'), '');
  await codecService().remove({ files: [join(folder, 'frame.v'), join(folder, 'gone')] });
  expect(await readdir(folder)).toEqual(['kept']);
  const source = await writePicture(join(folder, 'photo.png'));
  expect(await codecService().probe({ source })).toMatchObject({ format: 'png', width: 37, height: 29 });
});
