import { compareFacts } from '../codec/compare-facts.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Codec } from './decode-stage.ts';
import type { VerifiedFrame, WrittenFrame } from './frames.ts';

/** Reads the written file back: what the caller is told about is known to be there and sound. */
export function verifyStage(codec: Codec): Stage<WrittenFrame, VerifiedFrame> {
  return {
    name: 'verify',
    async run({ context, decoded, width, height, tiles, pixelBytes }) {
      const { job, milliseconds } = context;
      context.report('verifying', tiles, tiles, (width / job.plan.scale) * (height / job.plan.scale));
      const started = performance.now();
      const { facts, ...verified } = await codec.ask('verify', { file: job.output.temporary, width, height });
      milliseconds.verify += performance.now() - started;
      const { variant } = decoded.deep ? job.plan.deep : job.plan.shallow;
      const asked = job.plan.shallow.variant;
      const extra =
        variant === asked
          ? []
          : [`Enlarged with ${variant}: ${asked} has too few levels for 16-bit pictures.`];
      const result = {
        ...verified,
        width,
        height,
        variant,
        tiles,
        pixelBytes,
        milliseconds,
        copied: context.copied,
        fidelity: compareFacts(decoded.facts, facts, {
          format: job.output.format,
          converted: decoded.converted,
          removeGps: job.output.removeGps ?? false,
        }),
        notes: [...decoded.notes, ...extra],
      };
      return { context, result };
    },
    discard: ({ context }) => codec.ask('remove', { files: [context.job.output.temporary] }),
  };
}
