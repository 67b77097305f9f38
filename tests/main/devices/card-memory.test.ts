import { describe, expect, it } from 'vitest';
import { fitTile } from '../../../src/main/devices/card-memory.ts';

const TOTAL = 1000;
const plan = { tile: { width: 128, height: 96 } };

/** A card whose memory a tile takes `taken` bytes of, by its pixels. */
function card(taken: (pixels: number) => number) {
  const tried: number[] = [];
  const measure = async ({ width, height }: { width: number; height: number }) => {
    tried.push(width * height);
    return { used: taken(width * height), total: TOTAL };
  };
  return { tried, measure };
}

describe('the tile for a card', () => {
  it('is the model’s own where 80 % of its memory are enough', async () => {
    const { tried, measure } = card(() => 800);
    expect(await fitTile(plan, measure)).toBe(plan.tile);
    expect(tried).toEqual([12_288]);
  });

  it('is halved until they are', async () => {
    const { tried, measure } = card((pixels) => 300 + pixels / 10);
    expect(await fitTile(plan, measure)).toEqual({ width: 64, height: 48 });
    expect(tried).toEqual([12_288, 6144, 3072]);
  });

  it('is not halved over memory that others have', async () => {
    const { tried, measure } = card(() => 900);
    expect(await fitTile(plan, measure)).toBe(plan.tile);
    expect(tried).toEqual([12_288, 6144]);
  });

  it('is no larger than what there was memory for', async () => {
    const tried: number[] = [];
    const tile = await fitTile(plan, async ({ width, height }) => {
      tried.push(width * height);
      const short = tried.length === 1 ? { tilePixels: 3072 } : {};
      return { used: 500, total: TOTAL, ...short };
    });
    expect([tile, tried]).toEqual([{ width: 64, height: 48 }, [12_288, 3072]]);
  });

  it('is the model’s own where nothing is reported, and as small as can be where nothing helps', async () => {
    expect(await fitTile(plan, async () => undefined)).toBe(plan.tile);
    const { measure } = card((pixels) => 900 + pixels / 1000);
    expect(await fitTile(plan, measure)).toEqual({ width: 16, height: 24 });
  });
});
