import type { ModelManifest } from '../../shared/models.ts';
import type { NetworkConventions } from '../../shared/network.ts';
import { trimOf } from '../../shared/network-geometry.ts';

/**
 * How the network of a model is fed and read, as a plan says it. Undefined where all is as in the models that ship, so that
 * plans of theirs stay what they were.
 */
export function networkOf(manifest: ModelManifest): NetworkConventions | undefined {
  const { layout, channels, channelOrder, multiple, fixed, input, output, strength } = manifest;
  const trim = trimOf(manifest);
  const named = input !== undefined || output !== undefined;
  const usual = layout === 'NHWC' && channels === 3 && channelOrder === 'RGB' && multiple === 1;
  const unpadded = trim === manifest.receptiveRadius * manifest.scale;
  if (usual && unpadded && !fixed && !named && !strength) return undefined;
  return {
    ...{ layout, channels, channelOrder, trim, multiple },
    ...(fixed === undefined ? {} : { fixed }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(strength === undefined ? {} : { strength }),
  };
}
