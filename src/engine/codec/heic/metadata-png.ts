import { crc32, deflateSync } from 'node:zlib';

export interface CarriedMetadata {
  /** As libvips hands it out, with or without its `Exif` mark. */
  exif: Buffer | undefined;
  xmp: Buffer | undefined;
  icc: Buffer | undefined;
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const EXIF_MARK = Buffer.from('Exif\0\0', 'latin1');
const RGB = 2;
/** A pixel a millimetre is libvips' way of saying that nothing is known; without it, it takes 72 an inch. */
const NO_RESOLUTION = Buffer.from([0, 0, 0x03, 0xe8, 0, 0, 0x03, 0xe8, 1]);

/**
 * A PNG of one black RGB pixel that carries `metadata`. libvips takes it apart as it does any picture's, and
 * unlike the segments of a JPEG its chunks have room for metadata of any length.
 * Source: PNG Specification, Third Edition, sections 11.2 and 11.3.
 */
export function metadataPng({ exif, xmp, icc }: CarriedMetadata): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(1, 0);
  header.writeUInt32BE(1, 4);
  header.writeUInt8(8, 8);
  header.writeUInt8(RGB, 9);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(icc ? [chunk('iCCP', Buffer.from('icc\0\0', 'latin1'), deflateSync(icc))] : []),
    ...(exif ? [chunk('eXIf', unmarked(exif))] : [chunk('pHYs', NO_RESOLUTION)]),
    ...(xmp ? [chunk('iTXt', Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1'), xmp)] : []),
    chunk('IDAT', deflateSync(Buffer.alloc(4))),
    chunk('IEND'),
  ]);
}

function unmarked(exif: Buffer): Buffer {
  return exif.subarray(0, EXIF_MARK.length).equals(EXIF_MARK) ? exif.subarray(EXIF_MARK.length) : exif;
}

function chunk(type: string, ...parts: Buffer[]): Buffer {
  const data = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length - 4);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(data));
  return Buffer.concat([length, data, checksum]);
}
