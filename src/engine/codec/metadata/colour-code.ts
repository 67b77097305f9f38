import type { Cicp } from './cicp.ts';
import type { ReadAt } from './ifd.ts';
import { colourCode, readMeta } from './isobmff.ts';
import { headChunks } from './png-chunks.ts';

/** What an AVIF, HEIF or PNG file states of its colours as numbers; undefined for others. */
export async function readColourCode(read: ReadAt, size: number): Promise<Cicp | undefined> {
  const chunk = (await headChunks(read)).find(({ type, length }) => type === 'cICP' && length === 4);
  if (chunk) {
    const [primaries = 0, transfer = 0, matrix = 0, range] = (await read(chunk.contentAt, 4)) ?? [];
    return { primaries, transfer, matrix, fullRange: range === 1 };
  }
  const meta = await readMeta(read, size);
  return meta && colourCode(meta.bytes);
}
