import { crc32 } from 'node:zlib';
import type { ReadAt } from './ifd.ts';

/** Source: PNG, third edition, sections 5 and 11. */
export interface Chunk {
  type: string;
  /** Of the whole chunk, and of its content. */
  at: number;
  contentAt: number;
  length: number;
}

const SIGNATURE = '89504e470d0a1a0a';
/** Length, type and checksum stand around the content. */
const FRAME_BYTES = 12;
const MOST_CHUNKS = 10_000;

/** The chunks of a PNG up to the first of its pixels, that one included; none for any other file. */
export async function headChunks(read: ReadAt): Promise<Chunk[]> {
  if ((await read(0, 8))?.toString('hex') !== SIGNATURE) return [];
  const chunks: Chunk[] = [];
  for (let at = 8; chunks.length < MOST_CHUNKS; ) {
    const head = await read(at, 8);
    if (!head) break;
    const [length, type] = [head.readUInt32BE(0), head.toString('latin1', 4, 8)];
    chunks.push({ type, at, contentAt: at + 8, length });
    if (type === 'IDAT') break;
    at += FRAME_BYTES + length;
  }
  return chunks;
}

/** A chunk, checksum included. */
export function pngChunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const chunk = Buffer.alloc(4 + body.length + 4);
  chunk.writeUInt32BE(content.length);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  return chunk;
}
