import { pixelBytes } from '../codec/vips-frame.ts';
import type { Stage } from '../pipeline/stage.ts';
import { type Codec, discardFrame } from './decode-stage.ts';
import { addCopied, type Frame, type WrittenFrame } from './frames.ts';

/** Frame → file under its temporary name, flushed to disk; the frame's memory goes back. */
export function encodeStage(codec: Codec): Stage<Frame, WrittenFrame> {
  return {
    name: 'encode',
    // A format that takes long to encode need not hold up the picture behind it.
    concurrency: 2,
    async run(frame) {
      const { context, decoded, memory } = frame;
      const { plan, output } = context.job;
      const size = { width: decoded.width * plan.scale, height: decoded.height * plan.scale };
      try {
        context.report('encoding', frame.tiles, frame.tiles, decoded.width * decoded.height);
        const started = performance.now();
        const written = {
          ...size,
          carrier: decoded.carrier,
          bands: decoded.bands,
          deep: decoded.deep,
          resolution: decoded.resolution,
          format: output.format,
          quality: output.quality,
          removeGps: output.removeGps,
          temporary: output.temporary,
        };
        if (memory.kind === 'whole') {
          const { buffer } = frame.lease;
          const { result, joined } = memory.layout;
          await context.shown.move(async () => {
            const { copied } = await codec.ask('joinBands', {
              ...written,
              buffer,
              result,
              joined,
              alpha: frame.alpha,
            });
            addCopied(context, 'join', copied);
            return { kind: 'memory', buffer, offset: joined, bands: decoded.bands };
          });
          await codec.ask('encode', { ...written, buffer, joined });
        } else {
          await codec.ask('encodeFrame', { ...written, frame: memory.result });
        }
        context.milliseconds.encode += performance.now() - started;
        context.shown.write(output.temporary);
      } finally {
        await discardFrame(codec, frame);
      }
      return {
        context,
        decoded,
        ...size,
        tiles: frame.tiles,
        pixelBytes: pixelBytes({ ...decoded, ...size }),
      };
    },
    discard: ({ context }) => codec.ask('remove', { files: [context.job.output.temporary] }),
  };
}
