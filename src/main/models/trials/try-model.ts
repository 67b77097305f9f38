import { join } from 'node:path';
import { EnlargerError } from '../../../shared/errors.ts';
import { networkUseOf, type Plan } from '../../../shared/plan.ts';
import type { EngineConnection } from '../../engine/engine-connection.ts';
import { describeMachine } from '../../machine.ts';
import type { RegisteredModel } from '../model-registry.ts';
import { resolvePlan } from '../resolve-plan.ts';
import { tryTile } from '../try-tile.ts';
import { TRIAL_SIZE, writeTrialPicture } from './trial-picture.ts';

/** Side of a tile in source pixels: the picture is one. */
const TILE = 64;

/** How a model is tried. */
export interface Attempt {
  /** Folder for what that leaves. */
  room: string;
  /** Whether the model's own tile is in question: it is tried, too. */
  ownTile: boolean;
}

/**
 * Enlarges two small pictures with each variant of `model`, as batches would. Throws what went wrong, `model-invalid` for
 * results that are not of the size that the manifest promises or do not depend on the picture, and `bad-argument` for
 * tiles that are too large for this machine. What is no number fails in the engine.
 */
export async function tryModel(
  model: RegisteredModel,
  engine: Pick<EngineConnection, 'request' | 'enhance'>,
  { room, ownTile }: Attempt,
): Promise<void> {
  const sources = ['trial.bmp', 'inverted.bmp'].map((name) => join(room, name));
  for (const [index, source] of sources.entries()) await writeTrialPicture(source, index === 1);
  const threads = describeMachine().cores;
  for (const { id: variant, entries } of model.manifest.variants) {
    const plan = resolvePlan(model, { variant, threads, tile: TILE });
    const { shallow: session, tile } = plan;
    const seen = await engine.request('loadSession', { session, tile, ...networkUseOf(plan) });
    const made = new Set<string>();
    for (const source of sources) made.add(await enlarged(engine, plan, { source, room }));
    if (made.size === 1) throw blind();
    if (!ownTile) continue;
    const weights = entries.find(({ sha256 }) => sha256 === session.sha256)?.bytes ?? 0;
    await tryTile(engine, resolvePlan(model, { variant, threads }), { ...seen, tile, weights });
  }
}

/** The SHA-256 of the result. */
async function enlarged(
  engine: Pick<EngineConnection, 'enhance'>,
  plan: Plan,
  { source, room }: { source: string; room: string },
): Promise<string> {
  const output = { temporary: join(room, 'trial.png'), format: 'png' as const };
  const { width, height, sha256 } = await engine.enhance({ jobId: 0, source, plan, output, lane: 'batch' });
  const expected = { width: TRIAL_SIZE.width * plan.scale, height: TRIAL_SIZE.height * plan.scale };
  if (width === expected.width && height === expected.height) return sha256;
  throw new EnlargerError(
    'model-invalid',
    `The network made ${width} × ${height} pixels of a picture of ${TRIAL_SIZE.width} × ${TRIAL_SIZE.height}, ` +
      `and not ${expected.width} × ${expected.height}.`,
  );
}

function blind(): EnlargerError {
  const advice = 'It may be given values in another range than it takes: set its range.';
  return new EnlargerError(
    'model-invalid',
    `The network makes the same of two different pictures. ${advice}`,
  );
}
