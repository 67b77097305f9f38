import loadLibheif, { type Libheif } from 'libheif-js/libheif-wasm/libheif-bundle.js';
import { EnlargerError } from '../../../shared/errors.ts';
import { LARGEST_HEIC } from './heic-refusal.ts';

/** Colours by the code points of ITU-T H.273. */
export interface CodedColours {
  primaries: number;
  transfer: number;
}

export interface HeicPicture {
  width: number;
  height: number;
  /** 3 RGB, 4 RGB + alpha. */
  bands: 3 | 4;
  /** Samples fill 16 bits; otherwise 8. */
  deep: boolean;
  /** Rows without gaps, upright. Shared, so that handing it to another thread copies nothing. */
  samples: SharedArrayBuffer;
  /** Pictures in the file; this is the primary one. */
  pictures: number;
  /** Depth and gain maps that belong to it. */
  maps: number;
  colours: CodedColours | undefined;
}

/** Values of libheif's C enumerations (libheif/api/libheif/heif_*.h). */
const COLORSPACE_RGB = 1;
const CHROMA = { 3: { false: 10, true: 14 }, 4: { false: 11, true: 15 } } as const;
const CHANNEL_INTERLEAVED = 10;
const OMIT_ALPHA = 2;
const UNSUPPORTED = new Set([3, 4]);
const OUT_OF_MEMORY = 6;
const LIMIT_EXCEEDED = 1000;

/** Where a C structure keeps what we need of it, in bytes. */
const LIMIT_PIXELS = 8;
const STRICT_DECODING = 21;
const NCLX_PRIMARIES = 4;
const NCLX_TRANSFER = 8;

/**
 * Decodes the primary picture of a HEIC file: turned and mirrored as the file says, its colours as they are
 * encoded. Memory is not given back: every picture has a module, and a thread, of its own. Throws typed
 * errors that do not name the file.
 */
export function decodePrimary(bytes: Uint8Array): HeicPicture {
  const libheif = loadLibheif({ print() {}, printErr() {} });
  const { context, handle } = openPrimary(libheif, bytes);
  const width = libheif._heif_image_handle_get_width(handle);
  const height = libheif._heif_image_handle_get_height(handle);
  if (width * height > LARGEST_HEIC)
    throw new EnlargerError('too-large', `${Math.ceil((width * height) / 1e6)} megapixels`);
  const bands = libheif._heif_image_handle_has_alpha_channel(handle) ? 4 : 3;
  const deep = libheif._heif_image_handle_get_luma_bits_per_pixel(handle) > 8;
  const options = libheif._heif_decoding_options_alloc();
  // Damaged parts would otherwise come as gray blocks, and nobody would be told.
  libheif.HEAPU8[options + STRICT_DECODING] = 1;
  const chroma = CHROMA[bands][`${deep}`];
  const image = pointerFrom(libheif, (error, to) =>
    libheif._heif_decode_image(error, handle, to, COLORSPACE_RGB, chroma, options),
  );
  if (
    libheif._heif_image_get_width(image, CHANNEL_INTERLEAVED) !== width ||
    libheif._heif_image_get_height(image, CHANNEL_INTERLEAVED) !== height
  ) {
    throw new EnlargerError('decode-failed', 'its pixels do not fill the size it states');
  }
  return {
    width,
    height,
    bands,
    deep,
    samples: samplesOf(libheif, image, { width, height, bands, deep }),
    pictures: libheif._heif_context_get_number_of_top_level_images(context),
    maps: libheif._heif_image_handle_get_number_of_auxiliary_images(handle, OMIT_ALPHA),
    colours: coloursOf(libheif, handle),
  };
}

function openPrimary(libheif: Libheif, bytes: Uint8Array): { context: number; handle: number } {
  const file = libheif._malloc(bytes.length);
  if (file === 0) throw new EnlargerError('too-large', 'there is no memory for it');
  libheif.HEAPU8.set(bytes, file);
  const context = libheif._heif_context_alloc();
  const limits = libheif._heif_context_get_security_limits(context);
  libheif.HEAPU32[(limits + LIMIT_PIXELS) / 4] = LARGEST_HEIC;
  pointerFrom(libheif, (error) =>
    libheif._heif_context_read_from_memory_without_copy(error, context, file, bytes.length, 0),
  );
  const handle = pointerFrom(libheif, (error, to) =>
    libheif._heif_context_get_primary_image_handle(error, context, to),
  );
  return { context, handle };
}

/**
 * Calls a C function that returns `struct heif_error` (code, sub-code, message) and writes a pointer to
 * `to`. Resolves to that pointer; throws what the error says.
 */
function pointerFrom(libheif: Libheif, call: (error: number, to: number) => void): number {
  const error = libheif._malloc(16);
  const to = error + 12;
  call(error, to);
  const [code = 0, subcode, text = 0, pointer = 0] = libheif.HEAPU32.subarray(error / 4, error / 4 + 4);
  if (code === 0) return pointer;
  const reason = textAt(libheif.HEAPU8, text);
  if (code === OUT_OF_MEMORY || subcode === LIMIT_EXCEEDED) throw new EnlargerError('too-large', reason);
  throw new EnlargerError(UNSUPPORTED.has(code) ? 'unsupported-format' : 'decode-failed', reason);
}

function textAt(memory: Uint8Array, start: number): string {
  return Buffer.from(memory.subarray(start, memory.indexOf(0, start))).toString('utf8');
}

function samplesOf(
  libheif: Libheif,
  image: number,
  { width, height, bands, deep }: { width: number; height: number; bands: number; deep: boolean },
): SharedArrayBuffer {
  const strideAt = libheif._malloc(4);
  const plane = libheif._heif_image_get_plane_readonly2(image, CHANNEL_INTERLEAVED, strideAt);
  const stride = libheif.HEAPU32[strideAt / 4] as number;
  const memory = libheif.HEAPU8;
  const row = width * bands;
  const samples = new SharedArrayBuffer(row * height * (deep ? 2 : 1));
  if (!deep) {
    const to = new Uint8Array(samples);
    for (let y = 0; y < height; y++) {
      to.set(memory.subarray(plane + y * stride, plane + y * stride + row), y * row);
    }
    return samples;
  }
  const bits = libheif._heif_image_get_bits_per_pixel_range(image, CHANNEL_INTERLEAVED);
  const to = new Uint16Array(samples);
  for (let y = 0; y < height; y++) {
    const from = new Uint16Array(memory.buffer, plane + y * stride, row);
    for (let x = 0; x < row; x++) to[y * row + x] = widened(from[x] as number, bits);
  }
  return samples;
}

/** A sample of 9 to 16 bits as one of 16: the lowest bits repeat the highest, so that white stays white. */
const widened = (sample: number, bits: number) => (sample << (16 - bits)) | (sample >> (2 * bits - 16));

function coloursOf(libheif: Libheif, handle: number): CodedColours | undefined {
  try {
    const profile = pointerFrom(libheif, (error, to) =>
      libheif._heif_image_handle_get_nclx_color_profile(error, handle, to),
    );
    const word = (offset: number) => libheif.HEAPU32[(profile + offset) / 4] as number;
    return { primaries: word(NCLX_PRIMARIES), transfer: word(NCLX_TRANSFER) };
  } catch {
    // Most files have a profile instead.
    return undefined;
  }
}
