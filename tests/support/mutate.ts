import { crc32 } from 'node:zlib';
import { randomNumbers } from './pictures.ts';

export interface Mutation {
  /** What was done, in words. */
  what: string;
  bytes: Buffer;
}

type Random = () => number;
/** A whole number from 0 to `end` - 1. */
const below = (random: Random, end: number) => Math.floor(random() * end);

/** Headers are where the lies are: half of all places lie in the first bytes. */
function place(random: Random, length: number): number {
  return below(random, random() < 0.5 ? Math.min(length, 200) : length);
}

const truncated = (bytes: Buffer, random: Random): Mutation => {
  const length = below(random, bytes.length);
  return { what: `cut off after ${length} bytes`, bytes: bytes.subarray(0, length) };
};

const flipped = (bytes: Buffer, random: Random): Mutation => {
  const count = 1 + below(random, 16);
  for (let flip = 0; flip < count; flip++) {
    const at = place(random, bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << below(random, 8));
  }
  return { what: `${count} bits turned over`, bytes };
};

/** The head of one file with the body of another. */
const spliced = (bytes: Buffer, random: Random, other: Buffer): Mutation => {
  const at = place(random, Math.min(bytes.length, other.length));
  return {
    what: `another file from byte ${at} on`,
    bytes: Buffer.concat([bytes.subarray(0, at), other.subarray(at)]),
  };
};

const LIES = [0, 1, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** A number of two or four bytes replaced by one that nobody expects: sizes, counts and offsets are such. */
const lied = (bytes: Buffer, random: Random): Mutation => {
  const width = random() < 0.5 ? 2 : 4;
  const lie = (LIES[below(random, LIES.length)] as number) % 2 ** (8 * width);
  const at = place(random, Math.max(1, bytes.length - width));
  if (at + width <= bytes.length) {
    if (random() < 0.5) bytes.writeUIntLE(lie, at, width);
    else bytes.writeUIntBE(lie, at, width);
  }
  return { what: `${lie} at byte ${at}`, bytes };
};

/** Two pieces of the file change places. */
const swapped = (bytes: Buffer, random: Random): Mutation => {
  const [a, b, c, d] = [0, 0, 0, 0].map(() => place(random, bytes.length)).sort((x, y) => x - y) as [
    number,
    number,
    number,
    number,
  ];
  const parts = [bytes.subarray(0, a), bytes.subarray(c, d), bytes.subarray(b, c), bytes.subarray(a, b)];
  return {
    what: `bytes ${a}–${b} and ${c}–${d} swapped`,
    bytes: Buffer.concat([...parts, bytes.subarray(d)]),
  };
};

const repeated = (bytes: Buffer, random: Random): Mutation => {
  const at = place(random, bytes.length);
  const length = 1 + below(random, 500);
  const times = 1 + below(random, 50);
  const piece = bytes.subarray(at, at + length);
  const copies = Array.from({ length: times }, () => piece);
  return {
    what: `${length} bytes from ${at} on, ${times} times more`,
    bytes: Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at)]),
  };
};

const MUTATIONS = [truncated, flipped, spliced, lied, lied, swapped, repeated];

/** One of the ways in which a file goes bad; the same for the same seed. `other` is what is spliced in. */
export function mutate(original: Buffer, other: Buffer, seed: number): Mutation {
  const random = randomNumbers(seed);
  const mutation = MUTATIONS[below(random, MUTATIONS.length)] as (typeof MUTATIONS)[number];
  const { what, bytes } = mutation(Buffer.from(original), random, other);
  // With sums that do not fit, what is behind them is hardly ever read.
  return { what, bytes: random() < 0.7 ? withChecksums(bytes) : bytes };
}

const PNG_SIGNATURE = 0x89504e47;

/** A PNG with the right checksum in every chunk; any other file as it is. */
function withChecksums(bytes: Buffer): Buffer {
  if (bytes.length < 8 || bytes.readUInt32BE(0) !== PNG_SIGNATURE) return bytes;
  const png = Buffer.from(bytes);
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    if (end + 4 > png.length) break;
    png.writeUInt32BE(crc32(png.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return png;
}
