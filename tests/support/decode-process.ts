import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { decode } from '../../src/engine/codec/decode.ts';
import { probe } from '../../src/engine/codec/probe.ts';
import { EnlargerError } from '../../src/shared/errors.ts';
import type { Decoding, Outcome } from './decoding.ts';

/** A process that decodes what it is told to: a crash in a decoder is the end of this one only. */
process.on('message', async ({ id, source, scratch }: Decoding) => {
  process.send?.({ id, outcome: await outcomeOf(source, join(scratch, `${id}`)) });
});

async function outcomeOf(source: string, scratch: string): Promise<Outcome> {
  const probed = await told(async () => {
    const { width, height } = await probe(source);
    return { size: [width, height] };
  });
  const decoded = await told(async () => {
    const frame = await decode({ source, scratch });
    await rm(frame.pixels);
    await rm(frame.carrier);
    return { size: [frame.width, frame.height] };
  });
  const names = await readdir(dirname(scratch));
  return { probed, decoded, left: names.filter((name) => name.startsWith(`${basename(scratch)}.`)) };

  async function told(work: () => Promise<{ size: number[] }>): Promise<Outcome['decoded']> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EnlargerError)) return { untyped: String(error) };
      const names = error.file === source && error.message.startsWith(`${source}: `);
      return names
        ? { code: error.code, words: error.message.slice(source.length + 2) }
        : { untyped: error.message };
    }
  }
}
