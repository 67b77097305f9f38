import { EnlargerError } from '../../shared/errors.ts';
import { networkUseOf, type Plan, sessionKey } from '../../shared/plan.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';

/** Milliseconds that one tile may take, none of which can be cancelled in the middle. */
const LONGEST = 5 * 60_000;

/** What was seen of the session of a plan with a small tile. */
interface Seen {
  /** Its tile. */
  tile: Plan['tile'];
  /** Bytes by which the engine grew, and milliseconds that this took, the weights being loaded included. */
  bytes: number;
  milliseconds: number;
  /** Bytes of its ONNX file. */
  weights: number;
}

/**
 * Computes one tile as large as those of `plan`, whose session `engine` holds with a smaller one. Throws `bad-argument` for one
 * that would take more memory or time than this machine has, as far as `seen` tells.
 */
export async function tryTile(
  engine: Pick<EngineConnection, 'request'>,
  plan: Plan,
  seen: Seen,
): Promise<void> {
  const { tile, shallow: session } = plan;
  const times = pixelsOf(tile) / pixelsOf(seen.tile);
  if (times <= 1) return;
  // ONNX Runtime holds the weights, and a copy while it reads them.
  const activations = Math.max(0, seen.bytes - 2 * seen.weights);
  if (activations * times > process.availableMemory()) throw tooLarge(tile, 'memory');
  if (seen.milliseconds * times > LONGEST) throw tooLarge(tile, 'time');
  await engine.request('unloadSession', { key: sessionKey(session) });
  await engine.request('loadSession', { session, tile, ...networkUseOf(plan) });
}

const pixelsOf = ({ width, height }: Plan['tile']) => width * height;

function tooLarge({ width, height }: Plan['tile'], what: 'memory' | 'time'): EnlargerError {
  const reason = what === 'memory' ? 'more memory than is free' : 'minutes each';
  const message = `Tiles of ${width} × ${height} pixels would take ${reason} on this machine. Choose smaller ones.`;
  return new EnlargerError('bad-argument', message);
}
