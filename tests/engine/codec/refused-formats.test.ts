import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/codec/decode.ts';
import { probe } from '../../../src/engine/codec/probe.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { writeTiff } from '../../support/tiff.ts';

/** What is said of a file with these bytes, its name left out: by `probe` and by `decode`, alike. */
async function saidOf(name: string, content: string | Buffer): Promise<string> {
  const source = join(await temporaryFolder(), name);
  await mkdir(dirname(source), { recursive: true });
  await writeFile(source, content);
  return refusal(source);
}

async function refusal(source: string): Promise<string> {
  const said: string[] = [];
  for (const looking of [probe(source), decode({ source, scratch: `${source}.scratch` })]) {
    await expect(looking).rejects.toMatchObject({ code: 'unsupported-format', file: source });
    said.push(await looking.then(String, (error: Error) => error.message.replace(`${source}: `, '')));
  }
  expect(said[0]).toBe(said[1]);
  return said[0] as string;
}

const RAW =
  "Camera raw files cannot be read. Develop it with darktable, RawTherapee or the camera's own program, and export TIFF of 16 bits.";

describe('what is known and not read is named, and says which program helps, whatever it is called', () => {
  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  const bytes = (hex: string) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(200)]);
  it.each<[name: string, content: string | Buffer, words: RegExp]>([
    ['drawing.svg', SVG, /^Drawings \(SVG\) cannot be read\. .*Inkscape\.$/],
    ['drawing.png', `\ufeff<?xml version="1.0"?>\n<!-- by hand -->${SVG}`, /^Drawings/],
    [
      'report.pdf',
      '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n',
      /^Documents \(PDF, PostScript\) cannot be read\. .*pdftoppm/,
    ],
    ['report.jpg', '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n', /^Documents/],
    ['photo.jxl', bytes('ff0afa7f'), /^JPEG XL pictures cannot be read\. Convert it to PNG, with djxl/],
    ['photo.jpg', bytes('0000000c4a584c200d0a870a'), /^JPEG XL/],
    ['photo.jp2', bytes('0000000c6a5020200d0a870a'), /^JPEG 2000 pictures/],
    [
      'layers.psd',
      '8BPS\0\u0001',
      /^Photoshop files cannot be read\. Export it as TIFF or PNG, from Photoshop/,
    ],
    ['layers.tif', '8BPS\0\u0001', /^Photoshop/],
    ['light.exr', bytes('762f3101'), /^Pictures of floating-point light/],
    ['light.hdr', '#?RADIANCE\n', /^Pictures of floating-point light/],
    ['app.png', bytes('000001000100'), /^Icons/],
    ['movie.jpg', `\0\0\0\u0014ftypqt  ${' '.repeat(50)}`, /^Videos .*ffmpeg/],
    ['photo.cr3', `\0\0\0\u0018ftypcrx ${' '.repeat(50)}`, /^Camera raw/],
    ['photo.raf', `FUJIFILMCCD-RAW 0201${' '.repeat(50)}`, /^Camera raw/],
    ['photo.orf', 'IIRO\u0008\0\0\0', /^Camera raw/],
    // By their names alone: nothing in them tells.
    ['photo.tga', Buffer.alloc(50), /^Targa/],
    ['photo.x3f', 'something else', /^Camera raw/],
  ])('%s', async (name, content, words) => {
    expect(await saidOf(name, content)).toMatch(words);
  });

  it('an HTML page with a drawing in it is none of them', async () => {
    expect(await saidOf('error.png', `<!DOCTYPE html><html>${SVG}</html>`)).toMatch(/^not a picture/);
  });
});

describe('raw files that look like TIFFs, and whose first picture is a thumbnail', () => {
  const tiff = { 256: 7, 257: 5, 258: 8, 259: 1, 262: 2, 277: 3, 278: 5, 279: 105 };
  const write = async (name: string, fields: Record<number, number>) =>
    writeTiff(join(await temporaryFolder(), name), { ...tiff, ...fields }, new Uint8Array(105));

  it.each<[what: string, name: string, fields: Record<number, number>]>([
    ['DNG, by its version', 'photo.tif', { 50706: 1 }],
    ['a thumbnail with directories below it', 'photo.tif', { 254: 1, 330: 8 }],
    ['NEF, by its name', 'photo.NEF', {}],
    ['DNG, by its name', 'photo.dng', {}],
  ])('%s', async (_what, name, fields) => {
    expect(await refusal(await write(name, fields))).toBe(RAW);
  });

  it('CR2, by what follows the head of a TIFF', async () => {
    const source = await write('photo.tif', {});
    const bytes = await readFile(source);
    // The directory goes to the end, so that Canon's mark finds room where it belongs.
    const moved = Buffer.concat([
      bytes.subarray(0, 8),
      Buffer.from('CR\u0002\0', 'latin1'),
      bytes.subarray(8),
    ]);
    moved.writeUInt32LE(12, 4);
    await writeFile(source, moved);
    expect(await refusal(source)).toBe(RAW);
  });

  it.each<[what: string, fields: Record<number, number>]>([
    ['a small version of itself below it', { 254: 0, 330: 8 }],
    ['nothing below it, and called a small version', { 254: 1 }],
  ])('a picture with %s is none of them', async (_what, fields) => {
    const source = await write('scan.tif', fields);
    expect(await probe(source)).toMatchObject({ format: 'tiff', width: 7, height: 5 });
  });
});

it('what a file holds counts more than its name', async () => {
  const folder = await temporaryFolder();
  await writePicture(join(folder, 'photo.jpg'));
  const source = join(folder, 'photo.psd');
  await writeFile(source, await readFile(join(folder, 'photo.jpg')));
  expect(await probe(source)).toMatchObject({ format: 'jpeg', width: 37, height: 29 });
});
