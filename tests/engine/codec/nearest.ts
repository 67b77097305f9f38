import { join } from 'node:path';
import { enlargeAlpha } from '../../../src/engine/codec/alpha.ts';
import { decode } from '../../../src/engine/codec/decode.ts';
import type { DecodedFrame } from '../../../src/engine/codec/decoded-frame.ts';
import { type EncodeWork, encode, type JoinWork, joinBands } from '../../../src/engine/codec/encode.ts';
import { frameLayout } from '../../../src/engine/codec/frame-layout.ts';
import { load } from '../../../src/engine/codec/load.ts';
import { type Verified, verify } from '../../../src/engine/codec/verify.ts';
import type { OutputFormat } from '../../../src/shared/formats.ts';
import type { RawPicture } from '../../support/pictures.ts';

const SCALE = 2;

interface Output {
  format: OutputFormat;
  quality?: number;
  removeGps?: boolean;
  /** Default: a file in the folder. */
  file?: string;
}

interface Enlarged {
  decoded: DecodedFrame;
  verified: Verified;
  /** Bytes that `load` and `encode` say they copied. */
  copied: { split: number; join: number };
  file: string;
}

/** Takes `source` through the codec, with a network that repeats every pixel in the middle. */
export async function enlargeNearest(folder: string, source: string, output: Output): Promise<Enlarged> {
  const { decoded, split, work } = await prepareNearest(folder, source, output);
  const { copied } = await joinBands(work);
  await encode(work);
  const { temporary: file, width, height } = work;
  return { decoded, verified: await verify({ file, width, height }), copied: { split, join: copied }, file };
}

/** All of that up to the encoding, and what there is to be encoded. */
export async function prepareNearest(
  folder: string,
  source: string,
  output: Output,
): Promise<{ decoded: DecodedFrame; split: number; work: EncodeWork & JoinWork }> {
  const decoded = await decode({ source, scratch: join(folder, 'frame') });
  const { width, height, bands, deep, pixels, carrier, resolution } = decoded;
  const layout = frameLayout(decoded, SCALE);
  const buffer = new SharedArrayBuffer(layout.byteLength);
  const enlarged = join(folder, 'frame.alpha.v');
  const transparent = await enlargeAlpha({ pixels, alpha: enlarged, scale: SCALE });
  const loaded = await load({ pixels, buffer, layout, transparent });
  const view = (offset: number, length: number) =>
    deep ? new Uint16Array(buffer, offset, length) : new Uint8Array(buffer, offset, length);
  const source3 = { data: view(layout.source, width * height * 3), width, height, channels: 3 } as const;
  view(layout.result, width * height * 3 * SCALE ** 2).set(repeated(source3).data);
  const work: EncodeWork & JoinWork = {
    width: width * SCALE,
    height: height * SCALE,
    carrier,
    buffer,
    result: layout.result,
    joined: layout.joined,
    alpha: transparent ? enlarged : undefined,
    bands,
    deep,
    resolution,
    format: output.format,
    quality: output.quality,
    removeGps: output.removeGps,
    temporary: output.file ?? join(folder, `result.${output.format}`),
  };
  return { decoded, split: loaded.copied, work };
}

/** Enlargement by 2 in which every pixel is repeated. */
export function repeated(picture: RawPicture): RawPicture {
  const { width, height, channels } = picture;
  const data = picture.data.constructor === Uint16Array ? Uint16Array : Uint8Array;
  const enlarged = new data(width * height * channels * SCALE ** 2);
  for (let y = 0; y < height * SCALE; y++) {
    for (let x = 0; x < width * SCALE; x++) {
      const from = ((y >> 1) * width + (x >> 1)) * channels;
      const to = (y * width * SCALE + x) * channels;
      for (let channel = 0; channel < channels; channel++) {
        enlarged[to + channel] = picture.data[from + channel] as number;
      }
    }
  }
  return { data: enlarged, width: width * SCALE, height: height * SCALE, channels };
}
