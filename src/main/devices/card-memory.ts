import { halvedTile, tileWithin } from '../../shared/network-geometry.ts';
import { networkUseOf, type Plan } from '../../shared/plan.ts';
import type { EngineHost } from '../engine/engine-host.ts';
import { askNvidia, nvidiaProgram } from '../metrics/nvidia.ts';
import { TrialEngine } from '../models/trials/trial-engine.ts';
import type { Device } from './device-list.ts';
import { planOn } from './device-plan.ts';

/** A card's memory after it has computed a tile. */
interface MemoryUse {
  /** Bytes that are taken, by whomever. */
  used: number;
  total: number;
  /** Pixels of the largest tile that there may be memory for, where there was too little for that tile. */
  tilePixels?: number | undefined;
}

/** Share of a card's memory that may be taken: screens and other programs want some, too. */
const MOST = 0.8;

/**
 * The largest of `tile` and its halves with which at most 80 % of the memory is taken. `measure` resolves to what is
 * taken with a tile, or undefined where that is not reported: then the last one stands. Stops where a smaller tile takes
 * no less: others have the memory then.
 */
export async function fitTile(
  { tile, network }: Pick<Plan, 'tile' | 'network'>,
  measure: (tile: Plan['tile']) => Promise<MemoryUse | undefined>,
): Promise<Plan['tile']> {
  let best = tile;
  let use = await measure(best);
  while (use) {
    const smaller = smallerTile(best, use, network);
    if (!smaller) break;
    const next = await measure(smaller);
    const lower = next !== undefined && next.used < use.used;
    if (use.tilePixels === undefined && !lower) break;
    best = smaller;
    use = next;
  }
  return best;
}

function smallerTile(
  tile: Plan['tile'],
  { used, total, tilePixels }: MemoryUse,
  network: Plan['network'],
): Plan['tile'] | undefined {
  if (tilePixels !== undefined) {
    const smaller = tileWithin(tile, tilePixels, network);
    return smaller === tile ? undefined : smaller;
  }
  return used > MOST * total ? halvedTile(tile, network) : undefined;
}

/**
 * Pixels of the largest tile that `device` has memory for, found by computing tiles there, each in an engine of its own: what
 * a provider has once taken, it keeps. Undefined where that is the plan's, or the card does not report its memory.
 */
export async function measureTile(
  device: Device,
  plan: Plan,
  { host, limit, signal }: { host: EngineHost; limit: number; signal?: AbortSignal | undefined },
): Promise<number | undefined> {
  if (device.provider === 'cpu' || device.memory === null) return undefined;
  const { width, height } = await fitTile(plan, async (tile) => {
    const placed = planOn(device, { ...plan, tile });
    await using trial = new TrialEngine({ host, file: placed.shallow.file, limit, signal });
    return trial.use(async (engine) => {
      const { shallow: session } = placed;
      const { tilePixels } = await engine.request('loadSession', {
        ...{ session, tile },
        ...networkUseOf(placed),
      });
      const use = await memoryOf(device, signal);
      return use && { ...use, tilePixels };
    });
  });
  const pixels = width * height;
  return pixels < plan.tile.width * plan.tile.height ? pixels : undefined;
}

/** Of NVIDIA's cards, whichever provider uses them; other makers' drivers do not say. */
async function memoryOf(
  { provider, index, name }: Device,
  signal = new AbortController().signal,
): Promise<MemoryUse | undefined> {
  const cards = await askNvidia(nvidiaProgram(), signal);
  if (cards === 'missing') return undefined;
  const named = cards.filter((card) => card.name === name);
  const card = provider === 'cuda' ? cards[index ?? 0] : named.length === 1 ? named[0] : undefined;
  if (card?.memoryUsed == null || card.memoryTotal == null) return undefined;
  return { used: card.memoryUsed, total: card.memoryTotal };
}
