import { rm } from 'node:fs/promises';
import { enlargeAlpha } from './alpha.ts';
import { decode } from './decode.ts';
import { encode, encodeFrame, joinBands } from './encode.ts';
import { load, loadRows } from './load.ts';
import { preview } from './preview.ts';
import { probe } from './probe.ts';
import { createResult, storeRows } from './result-frame.ts';
import { verify } from './verify.ts';

/** What the codec worker does for the coordinator: everything that touches a picture file. */
export function codecService() {
  return {
    probe: ({ source }: { source: string }) => probe(source),
    preview,
    decode,
    load,
    loadRows,
    createResult,
    enlargeAlpha,
    storeRows,
    joinBands,
    encode,
    encodeFrame,
    verify,
    remove: async ({ files }: { files: string[] }) => {
      await Promise.all(files.map((file) => rm(file, { force: true })));
    },
  };
}

export type CodecService = ReturnType<typeof codecService>;
