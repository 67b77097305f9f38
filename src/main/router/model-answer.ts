import type { Model } from '../../shared/contract/shell.ts';
import { isChoosable } from '../../shared/network.ts';
import type { MeasuredSpeeds } from '../models/measured-speed.ts';
import type { RegisteredModel } from '../models/model-registry.ts';

/** A model as pages see it. */
export function modelOf({ manifest, origin }: RegisteredModel, speeds: Pick<MeasuredSpeeds, 'get'>): Model {
  const { id, title, description, task, scale, licence, source, variants } = manifest;
  const { receptiveRadius, exact, channels, channelOrder, parameters, strength } = manifest;
  const entries = variants.flatMap((variant) => variant.entries);
  const floats = entries.find(({ dtype }) => dtype === 'float32');
  return {
    ...{ id, title, description, task, scale, licence, source },
    ...{ receptiveRadius, exact, channels, channelOrder, parameters, origin },
    ...(floats ? { range: floats.range } : {}),
    ...(strength && isChoosable(strength) ? { strength: strength.default } : {}),
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    variants: variants.map((variant) => ({ id: variant.id, bytes: variant.entries[0]?.bytes ?? 0 })),
    speed: speeds.get(id),
  };
}
