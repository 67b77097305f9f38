import { inputFor, tileWithin } from '../../shared/network-geometry.ts';
import type { Plan, SessionSpec } from '../../shared/plan.ts';
import type { Device } from './device-list.ts';

/**
 * The plan as `device` computes it: by one session for all pictures, of floats where the model has them, given inputs of one
 * shape. `tilePixels`: of the largest tile that the device has memory for, where it is known to be short.
 */
export function planOn(device: Device, plan: Plan, tilePixels = Number.POSITIVE_INFINITY): Plan {
  if (device.provider === 'cpu') return plan;
  const spec: SessionSpec = {
    ...plan.deep,
    provider: device.provider,
    ...(device.index === undefined ? {} : { device: device.index }),
  };
  const tile = tileWithin(plan.tile, tilePixels, plan.network);
  return withOneShape({ ...plan, tile, shallow: spec, deep: spec });
}

/** One plan for the same model on several cards of one provider; they differ at most by their tiles. The smallest counts. */
export function planOnAll(plans: readonly [Plan, ...Plan[]]): Plan {
  const [first] = plans;
  const devices = plans.flatMap(({ shallow: { device } }) => device ?? []);
  if (devices.length < 2) return first;
  const { device: _, ...spec } = first.shallow;
  const session: SessionSpec = { ...spec, devices };
  const pixels = Math.min(...plans.map(({ tile }) => tile.width * tile.height));
  const tile = tileWithin(first.tile, pixels, first.network);
  return withOneShape({ ...first, tile, shallow: session, deep: session });
}

function withOneShape(plan: Plan): Plan {
  const { network, scale, receptiveRadius: radius, tile, blend } = plan;
  if (network?.fixed) return plan;
  return { ...plan, input: inputFor(tile, { scale, radius, network, blend }) };
}
