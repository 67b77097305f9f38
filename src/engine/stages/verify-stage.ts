import type { EnhanceResult } from '../../shared/engine-protocol.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Codec } from './decode-stage.ts';
import type { WrittenFrame } from './frames.ts';

/** Reads the written file back: what the caller is told about is known to be there and sound. */
export function verifyStage(codec: Codec): Stage<WrittenFrame, EnhanceResult> {
  return {
    name: 'verify',
    async run({ context, width, height, deep, tiles, notes }) {
      const { job, milliseconds } = context;
      context.report('verifying', tiles, tiles, (width / job.plan.scale) * (height / job.plan.scale));
      const started = performance.now();
      const verified = await codec.ask('verify', { file: job.output.temporary, width, height });
      milliseconds.verify += performance.now() - started;
      const { variant } = deep ? job.plan.deep : job.plan.shallow;
      const asked = job.plan.shallow.variant;
      const extra =
        variant === asked
          ? []
          : [`Enlarged with ${variant}: ${asked} has too few levels for 16-bit pictures.`];
      return {
        ...verified,
        width,
        height,
        variant,
        tiles,
        milliseconds,
        copied: context.copied,
        notes: [...notes, ...extra],
      };
    },
  };
}
