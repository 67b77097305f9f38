import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { CatalogueEntry } from '../../../src/shared/catalogue.ts';

/** How a host answers one request. */
export type Reply = (asked: IncomingMessage, answer: ServerResponse) => void;

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that differ from place to place, so that none can be at another's. */
export function someBytes(count: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(count);
  for (let index = 0, value = seed; index < count; index++) {
    value = (value * 1_103_515_245 + 12_345) & 0x7fffffff;
    bytes[index] = value >> 16;
  }
  return bytes;
}

/** A host on this machine that answers its first request with the first reply, and those after the last with the last. */
export async function modelHost(...replies: [Reply, ...Reply[]]) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, answer) => {
    // The far end breaks the connection off whenever it likes.
    answer.on('error', () => {});
    asked.push(request);
    const reply = replies[Math.min(asked.length, replies.length) - 1] as Reply;
    reply(request, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return { origin, address: `${origin}/model.onnx`, asked };
}

/** Sends the file as a good host does, with Range and If-Range. */
export function whole(bytes: Uint8Array, etag = '"one"'): Reply {
  return ({ headers }, answer) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? Number.NaN);
    const rest = !Number.isNaN(from) && headers['if-range'] === etag;
    if (rest && from >= bytes.length) {
      answer.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    const body = rest ? bytes.subarray(from) : bytes;
    const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    answer.writeHead(rest ? 206 : 200, { etag, 'content-length': body.length, ...(rest ? range : {}) });
    answer.end(body);
  };
}

/** Answers whose rest never comes, with how far the file has got once what was sent of them has arrived. */
const held = new Set<{ answer: ServerResponse; at: number }>();

/** Sends as `whole`, and stops after `count` bytes of what it was to send; `cutHeld` breaks the connection then. */
export function breaksOff(bytes: Uint8Array, count: number, etag?: string): Reply {
  return (request, answer) => {
    const end = ((body: Uint8Array) => {
      held.add({ answer, at: bytes.length - body.length + count });
      answer.write(body.subarray(0, count));
      return answer;
    }) as ServerResponse['end'];
    Object.assign(answer, { end });
    whole(bytes, etag)(request, answer);
  };
}

/**
 * Breaks those connections off whose bytes have all arrived: what lies in a buffer when a connection breaks may be lost,
 * and tests want to know how much there is.
 */
export function cutHeld({ bytesDone }: { bytesDone: number }): void {
  for (const one of held) {
    if (one.at !== bytesDone) continue;
    held.delete(one);
    one.answer.destroy();
  }
}

/** An entry of a catalogue for a file at `address`. */
export function entryFor(
  address: string,
  bytes: Uint8Array,
  change: Partial<CatalogueEntry> = {},
): CatalogueEntry {
  return {
    id: 'tiny-x2',
    title: 'Tiny',
    description: 'Two times larger.',
    task: 'upscale',
    scale: 2,
    licence: { id: 'MIT', text: 'https://example.com/licence' },
    author: 'Somebody',
    home: 'https://example.com/tiny',
    address,
    bytes: bytes.length,
    sha256: sha256Of(bytes),
    figures: 'Made for a test.',
    conventions: {},
    ...change,
  };
}
