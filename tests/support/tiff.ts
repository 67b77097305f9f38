import { writeFile } from 'node:fs/promises';

const SHORT = 3;

/**
 * Writes a TIFF by hand, for what no library would write: `tags` are the fields of its only directory,
 * `pixels` follow it. The offset of the pixels, tag 273, is filled in.
 */
export async function writeTiff(
  file: string,
  tags: Record<number, number>,
  pixels: Uint8Array,
): Promise<string> {
  const fields = Object.entries(tags).map(([tag, value]) => [Number(tag), value] as const);
  const start = 8 + 2 + (fields.length + 1) * 12 + 4;
  const all = [...fields, [273, start] as const].sort(([a], [b]) => a - b);
  const head = Buffer.alloc(start);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(all.length, 8);
  all.forEach(([tag, value], index) => {
    const at = 10 + index * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(SHORT, at + 2);
    head.writeUInt32LE(1, at + 4);
    head.writeUInt16LE(value, at + 8);
  });
  await writeFile(file, Buffer.concat([head, pixels]));
  return file;
}
