import { Readable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import { asEnlargerError, EnlargerError, type SerializedError } from '../../shared/errors.ts';
import type { Counts } from './export-counts.ts';

/** How much of it has been read. */
type Read = Pick<Counts, 'filesDone' | 'bytesDone'>;

/** A ZIP on its way from the thread that makes it: a piece for each question, so that nobody is ahead of the reader. */
type Piece =
  | { bytes: Uint8Array<ArrayBuffer>; read: Read }
  | { bytes: null; read: Read }
  | { error: SerializedError };

/** Sends what `begin` makes over `port`, piece by piece as they are asked for; it begins with the first. */
export function sendZip(port: MessagePort, begin: () => Readable, read: () => Read): void {
  let body: Readable | undefined;
  let pieces: AsyncIterator<Buffer> | undefined;
  port.on('message', async () => {
    try {
      body ??= begin();
      pieces ??= body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      const { done, value } = await pieces.next();
      if (done) {
        port.postMessage({ bytes: null, read: read() } satisfies Piece);
        return;
      }
      // Small buffers share their memory with others, and cannot be handed over with it.
      const bytes = new Uint8Array(value);
      port.postMessage({ bytes, read: read() } satisfies Piece, [bytes.buffer]);
    } catch (error) {
      port.postMessage({ error: asEnlargerError(error, 'internal').toJSON() } satisfies Piece);
    }
  });
  port.on('close', () => body?.destroy());
}

/**
 * What `sendZip` sends at the other end of `port`, read as it is wanted. `length`: its bytes, where they are known; `onRead`
 * is told how far it is.
 */
export function receiveZip(
  port: MessagePort,
  length: number | undefined,
  onRead: (read: Read) => void,
): Readable {
  let received = 0;
  const body = new Readable({
    highWaterMark: 1 << 20,
    read: () => port.postMessage('next'),
    destroy: (error, callback) => {
      port.close();
      callback(error);
    },
  });
  port.on('message', (piece: Piece) => {
    if ('error' in piece) {
      body.destroy(EnlargerError.from(piece.error));
      return;
    }
    onRead(piece.read);
    body.push(piece.bytes);
    received += piece.bytes?.length ?? 0;
    // It ends with its last byte: a browser that has been told the length leaves when it has that.
    if (piece.bytes && received === length) body.push(null);
  });
  port.on('close', () => {
    if (!body.destroyed) body.destroy(new EnlargerError('stopped', 'Enlarger is closing.'));
  });
  return body;
}
