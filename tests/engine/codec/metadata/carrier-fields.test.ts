import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compareFacts } from '../../../../src/engine/codec/compare-facts.ts';
import { FieldSet, readFields, writeFields } from '../../../../src/engine/codec/metadata/carrier-fields.ts';
import { pngChunk } from '../../../../src/engine/codec/metadata/png-chunks.ts';
import { temporaryFolder, writePicture } from '../../../support/pictures.ts';
import { enlargeNearest } from '../nearest.ts';

const field = (name: string, value: string, type = 'VipsBlob') =>
  `    <field type="${type}" name="${name}">${value}</field>\n`;

const document = (meta: string) =>
  '<?xml version="1.0"?>\n<root xmlns="vips">\n  <header>\n' +
  `${field('Hist', '', 'VipsRefString')}  </header>\n  <meta>\n${meta}  </meta>\n</root>\n`;

async function fieldsOf(text: string) {
  const file = join(await temporaryFolder(), 'fields');
  await writeFile(file, `pixels${text}`, 'latin1');
  await using handle = await open(file, 'r');
  return await readFields(handle, 6);
}

describe('the fields of a carrier', () => {
  it('are written as they were read', async () => {
    const text = document(field('a', 'QQ==') + field('b', 'x &lt; y\nz', 'VipsRefString'));
    expect(writeFields(await fieldsOf(text)).toString('latin1')).toBe(text);
  });

  it.each([
    ['no end', document('').replace('</root>\n', '')],
    ['an unknown element', document('<script>')],
    ['a field without a name', document('<field type="gint">1</field>')],
    ['a field before its part', '<root xmlns="vips"><field type="gint" name="a">1</field></root>'],
    ['nothing at all', ''],
  ])('with %s are an error', async (_what, text) => {
    await expect(fieldsOf(text)).rejects.toMatchObject({ code: 'internal' });
  });

  it('take texts with letters of all kinds', async () => {
    const set = new FieldSet([]);
    set.setText('note', 'a < b & c > d – 日本');
    const { header, root } = await fieldsOf(document(''));
    const written = writeFields({ header, root, meta: set.all(), oversized: [] }).toString('latin1');
    const read = new FieldSet((await fieldsOf(written)).meta);
    expect([read.text('note'), read.text('other'), read.blob('note')]).toEqual([
      'a < b & c > d – 日本',
      undefined,
      undefined,
    ]);
  });

  it('leave out a profile beyond 16 MB, and what goes beyond 64 MB together', async () => {
    const megabytes = (count: number) => 'A'.repeat(Math.floor((count * 1024 * 1024 * 4) / 3));
    const { meta, oversized } = await fieldsOf(
      document(
        field('icc-profile-data', megabytes(17)) +
          field('xmp-data', megabytes(40)) +
          field('exif-data', megabytes(30)) +
          field('iptc-data', 'QQ=='),
      ),
    );
    expect(oversized).toEqual(['icc-profile-data', 'exif-data']);
    expect(meta.map(({ name }) => name)).toEqual(['xmp-data', 'iptc-data']);
  });
});

it('a profile that is too large is left out, and the report says so', async () => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'photo.tif'), { profile: 'p3' });
  const profile = (await sharp(source).metadata()).icc as Buffer;
  const large = Buffer.concat([profile, Buffer.alloc(17 * 1024 * 1024)]);
  large.writeUInt32BE(large.length, 0);
  const attached = join(folder, 'p3.icc');
  await writeFile(attached, large);
  const huge = join(folder, 'huge.tif');
  await sharp(source).withIccProfile(attached).tiff().toFile(huge);
  const { decoded, verified } = await enlargeNearest(folder, huge, { format: 'png' });
  const [about] = compareFacts(decoded.facts, verified.facts, { format: 'png', converted: false });
  const why = 'it is larger than any that programs write';
  expect(about).toEqual({ what: 'profile', became: 'dropped', why });
});

describe('texts of a PNG', () => {
  const text = (keyword: string, value: string) =>
    pngChunk('tEXt', Buffer.from(`${keyword}\0${value}`, 'latin1'));

  async function withTexts(folder: string, ...texts: Buffer[]): Promise<string> {
    const file = await writePicture(join(folder, 'photo.png'));
    const png = await readFile(file);
    const behindHeader = 8 + 25;
    await writeFile(
      file,
      Buffer.concat([png.subarray(0, behindHeader), ...texts, png.subarray(behindHeader)]),
    );
    return file;
  }

  it('are kept in a PNG, those with spaces in their names, too', async () => {
    const folder = await temporaryFolder();
    const texts = [text('Title', 'Fern'), text('Creation Time', '1843'), text('Software', 'Old 1')];
    const source = await withTexts(folder, ...texts);
    const { file, decoded, verified } = await enlargeNearest(folder, source, { format: 'png' });
    const { comments } = await sharp(file).metadata();
    const sorted = comments?.toSorted((a, b) => a.keyword.localeCompare(b.keyword));
    expect(sorted).toEqual([
      { keyword: 'Creation Time', text: '1843' },
      { keyword: 'Software', text: expect.stringMatching(/^Enlarger /) },
      { keyword: 'Title', text: 'Fern' },
    ]);
    const facts = compareFacts(decoded.facts, verified.facts, { format: 'png', converted: false });
    expect(facts).toContainEqual({ what: 'texts', became: 'kept' });
  });

  it('are said to be lost elsewhere', async () => {
    const folder = await temporaryFolder();
    const source = await withTexts(folder, text('Title', 'Fern'));
    const { decoded, verified } = await enlargeNearest(folder, source, { format: 'jpeg' });
    const facts = compareFacts(decoded.facts, verified.facts, { format: 'jpeg', converted: false });
    expect(facts.map(({ what, became }) => [what, became])).toContainEqual(['texts', 'dropped']);
  });

  it.each(['a"b', 'a>b', 'a<b', 'a&b', `a">b</field><meta name="`])(
    'may be named %s and harm nothing',
    async (keyword) => {
      const folder = await temporaryFolder();
      const source = await withTexts(folder, text(keyword, 'x'), text('Title', 'Fern'));
      const { file } = await enlargeNearest(folder, source, { format: 'png' });
      const { comments } = await sharp(file).metadata();
      expect(comments).toContainEqual({ keyword: 'Title', text: 'Fern' });
    },
  );
});
