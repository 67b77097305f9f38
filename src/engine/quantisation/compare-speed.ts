import { feedsOf, type PictureShape, type Raster } from './picture-network.ts';
import { openSession, runSession } from './session.ts';

/** Of each model, in turns; the best time counts, and the first is warming up. */
const RUNS = 4;

/** Milliseconds that each of two models takes for `picture` on one thread. */
export async function compareSpeed(
  models: { reference: Uint8Array; candidate: Uint8Array },
  picture: Raster,
  { shape, file }: { shape: PictureShape; file: string },
): Promise<{ reference: number; candidate: number }> {
  await using reference = await openSession(models.reference, file, { threads: 1 });
  await using candidate = await openSession(models.candidate, file, { threads: 1 });
  const best = { reference: Number.POSITIVE_INFINITY, candidate: Number.POSITIVE_INFINITY };
  for (let run = 0; run < RUNS; run++) {
    for (const [name, session] of [['reference', reference] as const, ['candidate', candidate] as const]) {
      const feeds = feedsOf(session, picture, shape);
      const started = performance.now();
      await runSession(session, feeds, file);
      if (run > 0) best[name] = Math.min(best[name], performance.now() - started);
    }
  }
  return best;
}
