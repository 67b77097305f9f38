import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Graphics } from './nvidia.ts';
import { readText } from './read-text.ts';

/** Where Linux tells about graphics cards; tests have a folder of their own. */
export const CARDS = '/sys/class/drm';
const AMD = '0x1002';

/**
 * AMD's cards, as their driver tells of them: vendor and device are PCI ids, `gpu_busy_percent` is per cent, memory is
 * bytes. Only some cards know their product's name; the others are named by their id, which is real.
 * Source: Linux, gpu/amdgpu (GPU Memory Usage Information, GPU Product Information).
 */
export async function readAmd(cards = CARDS): Promise<Graphics[]> {
  const names = (await readdir(cards).catch(() => [])).filter((name) => /^card\d+$/.test(name)).sort();
  const found = await Promise.all(names.map((name) => readCard(join(cards, name, 'device'))));
  return found.flatMap((card) => card ?? []);
}

async function readCard(folder: string): Promise<Graphics | undefined> {
  const read = async (file: string) => (await readText(join(folder, file))).trim();
  if ((await read('vendor')) !== AMD) return undefined;
  const [name, device, busy, used, total] = await Promise.all(
    ['product_name', 'device', 'gpu_busy_percent', 'mem_info_vram_used', 'mem_info_vram_total'].map(read),
  );
  const percent = reported(busy);
  return {
    name: name || `AMD graphics 1002:${device?.replace(/^0x/, '') || 'unknown'}`,
    busy: percent === null ? null : Math.min(1, percent / 100),
    memoryUsed: reported(used),
    memoryTotal: reported(total),
  };
}

function reported(field: string | undefined): number | null {
  return field !== undefined && /^\d+$/.test(field) ? Number(field) : null;
}
