import { open, rm, writeFile } from 'node:fs/promises';
import type { Metadata, Sharp } from 'sharp';
import { EnlargerError } from '../../shared/errors.ts';
import { openBitmap, readBitmapHeader } from './bitmap.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { decodeHeic } from './heic/decode-heic.ts';
import { isHeic } from './heic/heic-header.ts';
import { inspect } from './inspect.ts';
import { readLabHeader } from './lab/lab-header.ts';
import { convertFrame, openLab } from './lab/open-lab.ts';
import { decodeError, decodeSeconds, openPicture, wholeJpeg } from './libvips.ts';
import { completeCarrier, keepForCarrier } from './metadata/complete-carrier.ts';
import { factsOf } from './picture-facts.ts';
import { isDeep, probeOf } from './probe.ts';
import { expectRoom } from './scratch-room.ts';
import { carrierOf, pixelBytes, readHeader } from './vips-frame.ts';

/**
 * Decodes `source` upright into scratch files beginning with `scratch`, with its metadata, in its own
 * encoded colours: the profile stays attached and no pixel is converted (CMYK and Lab aside, which become
 * sRGB). Throws typed errors that name `source`.
 */
export async function decode({
  source,
  scratch,
}: {
  source: string;
  scratch: string;
}): Promise<DecodedFrame> {
  const pixels = `${scratch}.v`;
  const carrier = `${scratch}.carrier.v`;
  const copy = `${scratch}.lab.tif`;
  const notes: string[] = [];
  try {
    await inspect(source);
    const bitmap = await readBitmapHeader(source);
    const lab = bitmap ? undefined : await readLabHeader(source);
    const picture = bitmap
      ? await openBitmap(source)
      : lab
        ? await openLab(source, copy, lab)
        : openPicture(source);
    const metadata = await picture.metadata();
    await expectRoom(pixels, decodedBytes(metadata), source);
    if (isHeic(metadata)) {
      return await completed(source, metadata, await decodeHeic({ source, pixels, carrier, metadata }));
    }
    // Four samples a pixel are how the pixels of a BMP come, not what it holds.
    if (bitmap) metadata.hasAlpha = false;
    if (!bitmap && probeOf(metadata, source).pages > 1) {
      notes.push('Only the first picture of this file was enlarged.');
    }
    const converted = lab !== undefined || isConverted(metadata);
    const space = metadata.space === 'cmyk' ? 'CMYK' : 'Lab';
    if (converted) notes.push(`The colours were converted from ${space} to sRGB.`);
    const write = (opened: Sharp) => {
      const upright = opened
        .clone()
        .autoOrient()
        .timeout({ seconds: decodeSeconds(metadata) });
      // Without the profile kept, libvips converts through it.
      const working = converted
        ? upright
            .keepExif()
            .keepXmp()
            .toColourspace(lab ? workingSpace(metadata) : 'srgb')
        : keepForCarrier(upright, metadata).toColourspace(workingSpace(metadata));
      return working.toFile(pixels);
    };
    if (metadata.format === 'jpeg') await wholeJpeg((failOn) => write(openPicture(source, failOn)));
    else await write(picture);
    if (lab) await convertFrame(pixels, lab);
    await using file = await open(pixels, 'r');
    const frame = await readHeader(file);
    if (frame.bands > 4) {
      throw new EnlargerError(
        'unsupported-format',
        `${source}: ${frame.bands} channels; at most 4 can be read.`,
        {
          file: source,
        },
      );
    }
    await writeFile(carrier, await carrierOf(file, frame));
    const { width, height, bands, deep, resolution } = frame;
    const facts = await factsOf(source, metadata);
    const decoded = { width, height, bands, deep, resolution, pixels, carrier, facts, converted, notes };
    return await completed(source, metadata, decoded);
  } catch (error) {
    await Promise.all([rm(pixels, { force: true }), rm(carrier, { force: true })]);
    throw decodeError(error, source);
  } finally {
    await rm(copy, { force: true });
  }
}

const decodedBytes = (metadata: Metadata) =>
  pixelBytes({ ...metadata, bands: metadata.channels, deep: isDeep(metadata) });

async function completed(source: string, metadata: Metadata, decoded: DecodedFrame): Promise<DecodedFrame> {
  const { pixels, carrier, facts } = decoded;
  const { resolution, oversized } = await completeCarrier({ source, pixels, carrier, metadata });
  return { ...decoded, resolution, facts: { ...facts, oversized } };
}

const isConverted = ({ space }: Metadata) => space === 'cmyk' || space === 'lab' || space === 'labs';

function workingSpace(metadata: Metadata): string {
  const gray = metadata.space === 'b-w' || metadata.space === 'grey16';
  if (isDeep(metadata)) return gray ? 'grey16' : 'rgb16';
  return gray ? 'b-w' : 'srgb';
}
