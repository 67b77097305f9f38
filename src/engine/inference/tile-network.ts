import type { NetworkGeometry } from '../../shared/network-geometry.ts';
import type { NetworkUse } from '../../shared/plan.ts';

/** What the tiles of a picture have in common, whichever session computes them. */
export interface TileNetwork extends NetworkGeometry {
  /** 0..1, where the network has a strength; its own default where absent. */
  strength?: number | undefined;
}

/** That part of a plan, or of what a session is loaded with. */
export function tileNetworkOf({
  scale,
  receptiveRadius,
  network,
  strength,
  input,
  blend,
}: NetworkUse): TileNetwork {
  return {
    ...{ scale, radius: receptiveRadius, network, strength },
    ...(input ? { input } : {}),
    ...(blend ? { blend } : {}),
  };
}
