import type { GraphWriter } from './graph-writer.ts';

interface Trunk {
  channels?: number;
  width?: number;
  layers?: number;
}

/** `layers` convolutions of three by three with leaky rectifiers; the picture stays in the first channels. */
export function trunk(
  net: GraphWriter,
  input: string,
  { channels = 3, width = 8, layers = 3 }: Trunk = {},
): string {
  let value = net.conv(input, [channels, width], { pass: channels });
  for (let layer = 1; layer < layers; layer++)
    value = net.conv(net.leaky(value), [width, width], { pass: channels });
  return value;
}
