import type { Model } from '../../../src/shared/contract/shell.ts';

export function madeUpModel(change: Partial<Model> = {}): Model {
  return {
    ...{ id: 'one', title: 'One', description: 'Made up.', task: 'upscale', scale: 2, licence: 'MIT' },
    ...{
      source: 'a test',
      receptiveRadius: 8,
      exact: true,
      channels: 3,
      channelOrder: 'RGB',
      parameters: 10,
      origin: 'added',
    },
    ...{ bytes: 100, variants: [{ id: 'fp32', bytes: 100 }], speed: null },
    ...change,
  };
}
