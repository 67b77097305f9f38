import { type FileHandle, open } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import type { OutputFormat } from '../../../shared/formats.ts';
import { writeExactly } from '../file-bytes.ts';
import { writeAvifColour } from './avif-colour.ts';
import { withPixelDimensions } from './exif-dimensions.ts';
import { exifPlace } from './exif-place.ts';
import type { Repair } from './exif-texts.ts';
import { fileReader, insertBytes } from './file-edit.ts';
import type { Remainder, ResultKind } from './finish-carrier.ts';
import { PNG_IPTC, rawProfileText, resourcesIn } from './iptc.ts';
import { headChunks, pngChunk } from './png-chunks.ts';
import { appendTiffTags } from './tiff-tags.ts';

/** Adds to the written `path` what its encoder could not write. Pixels are moved at most, never changed. */
export async function finishResult(path: string, kind: ResultKind, rest: Remainder): Promise<void> {
  await using file = await open(path, 'r+');
  if (kind.format !== 'tiff' && rest.repairs.length > 0) await repairExif(file, kind.format, rest.repairs);
  switch (kind.format) {
    case 'tiff': {
      if (rest.exif) for (const { at, bytes } of rest.repairs) bytes.copy(rest.exif, at);
      const exif = rest.exif && (await withPixelDimensions(rest.exif, kind));
      if (exif || rest.iptc) await appendTiffTags(file, { exif, iptc: rest.iptc });
      return;
    }
    case 'png': {
      const chunks = pngChunks(rest);
      if (chunks.length === 0) return;
      const { size } = await file.stat();
      const pixels = (await headChunks(fileReader(file, size))).at(-1);
      if (pixels) await insertBytes(file, pixels.at, Buffer.concat(chunks));
      return;
    }
    case 'avif':
      if (rest.colours) await writeAvifColour(file, rest.colours);
      return;
    default:
  }
}

async function repairExif(
  file: FileHandle,
  format: Exclude<OutputFormat, 'tiff'>,
  repairs: readonly Repair[],
): Promise<void> {
  const { size } = await file.stat();
  const read = fileReader(file, size);
  const place = await exifPlace(read, size, format);
  if (place === undefined) return;
  for (const { at, bytes } of repairs) await writeExactly(file, bytes, place + at);
  const chunk = format === 'png' && (await headChunks(read)).find(({ type }) => type === 'eXIf');
  const content = chunk && (await read(chunk.contentAt, chunk.length));
  // The checksum comes with the chunk.
  if (chunk && content) await writeExactly(file, pngChunk('eXIf', content), chunk.at);
}

/** Text compressed by deflate, which is the only method there is. */
const DEFLATE = 0;

function pngChunks({ colours, iptc, texts }: Remainder): Buffer[] {
  const chunks: Buffer[] = [];
  // Pixels of a PNG are RGB in full range. Their primaries and transfer fit into a byte, or mean nothing.
  if (colours && colours.primaries < 256 && colours.transfer < 256) {
    chunks.push(pngChunk('cICP', Buffer.from([colours.primaries, colours.transfer, 0, 1])));
  }
  if (iptc) {
    const text = deflateSync(Buffer.from(rawProfileText(resourcesIn(iptc)), 'latin1'));
    chunks.push(pngChunk('zTXt', Buffer.concat([keyword(PNG_IPTC), Buffer.from([DEFLATE]), text])));
  }
  for (const { keyword: key, text } of texts) {
    // Neither compressed nor in a stated language.
    const head = Buffer.from([0, 0, 0, 0]);
    chunks.push(pngChunk('iTXt', Buffer.concat([keyword(key), head, Buffer.from(text)])));
  }
  return chunks;
}

/** A keyword ends at a zero and has at most 79 bytes. */
const keyword = (text: string) => Buffer.from(`${text.slice(0, 79)}\0`, 'latin1');
