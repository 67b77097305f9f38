import { rm } from 'node:fs/promises';
import { decode, load } from './decode.ts';
import { encode } from './encode.ts';
import { probe } from './probe.ts';
import { verify } from './verify.ts';

/** What the codec worker does for the coordinator: everything that touches a picture file. */
export function codecService() {
  return {
    probe: ({ source }: { source: string }) => probe(source),
    decode,
    load,
    encode,
    verify,
    remove: async ({ files }: { files: string[] }) => {
      await Promise.all(files.map((file) => rm(file, { force: true })));
    },
  };
}

export type CodecService = ReturnType<typeof codecService>;
