import type { Plan } from '../../shared/plan.ts';
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
        ...(context.tilePixels === undefined ? {} : { tilePixels: context.tilePixels }),
        notes: [...decoded.notes, ...(decoded.deep ? depthNotes(job.plan) : [])],
      };
      return { context, result };
    },
    discard: ({ context }) => codec.ask('remove', { files: [context.job.output.temporary] }),
  };
}

/** What became of 16 bits a sample that not every model has room for. */
function depthNotes({ shallow, deep }: Plan): string[] {
  if (deep.dtype === 'uint8') {
    return [
      `Computed with 8 bits a sample: ${deep.modelId} cannot be given more, so that fine gradients may show steps.`,
    ];
  }
  if (deep.variant === shallow.variant) return [];
  return [`Enlarged with ${deep.variant}: ${shallow.variant} has too few levels for 16-bit pictures.`];
}
