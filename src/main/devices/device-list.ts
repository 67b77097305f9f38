import { EnlargerError } from '../../shared/errors.ts';
import type { ProviderName } from '../../shared/network.ts';
import type { Card } from './graphics-cards.ts';

/** Something that computes networks. */
export interface Device {
  /** What users may call it: its provider, and its number among several. */
  id: string;
  provider: ProviderName;
  /** Which of several of that provider. */
  index?: number;
  name: string;
  driver: string;
  /** Bytes of its own; null where not reported. */
  memory: number | null;
  /** False where no card is known that could be it: drivers that compute on the processor may answer in its place. */
  likely: boolean;
  /** True where it may be any of several cards that differ: its name names them all. */
  ambiguous?: boolean;
}

/** The best first, where nothing is known of their speeds. */
const ORDER = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const satisfies readonly ProviderName[];

/**
 * What may compute here: each of NVIDIA's cards by CUDA, each card by DirectML, one graphics processor by each other
 * provider that ONNX Runtime was built with, and the processor, which is last and always there.
 */
export function devicesOf(
  providers: readonly ProviderName[],
  cards: readonly Card[],
  processor: string,
): Device[] {
  return ORDER.filter((provider) => providers.includes(provider)).flatMap((provider) => {
    if (provider === 'cpu') return [processorDevice(processor)];
    if (provider === 'cuda') return cudaDevices(cards);
    return provider === 'dml' && cards.length > 1 ? directDevices(cards) : [oneOf(provider, cards)];
  });
}

function processorDevice(name: string): Device {
  return { id: 'cpu', provider: 'cpu', name, driver: '', memory: null, likely: true };
}

function cudaDevices(cards: readonly Card[]): Device[] {
  return cards
    .filter(({ vendor }) => vendor === 'nvidia')
    .map(({ name, driver, memory }, index) => ({
      id: `cuda:${index}`,
      provider: 'cuda',
      index,
      name,
      driver,
      memory,
      likely: true,
    }));
}

/** DirectX has an order of its own: which number is which card is only known where they are all alike. */
function directDevices(cards: readonly Card[]): Device[] {
  return cards.map((_, index) => ({ ...oneOf('dml', cards), id: `dml:${index}`, index }));
}

/** These choose by themselves which card they take, and do not say which. */
function oneOf(provider: ProviderName, cards: readonly Card[]): Device {
  const [card, ...others] = cards;
  const device = { id: provider, provider, likely: card !== undefined };
  if (!card) return { ...device, name: 'unknown graphics', driver: '', memory: null };
  if (others.length === 0) {
    return { ...device, name: card.name, driver: card.driver, memory: card.memory };
  }
  const either = (words: readonly string[]) => [...new Set(words)].join(' or ');
  const [name, driver] = [either(cards.map((each) => each.name)), either(cards.map((each) => each.driver))];
  const alike = cards.every((each) => each.name === card.name && each.driver === card.driver);
  if (alike) return { ...device, name, driver, memory: card.memory };
  return { ...device, name, driver, memory: null, ambiguous: true };
}

/** Whether `wanted` means several cards together, where there are several: `all`, or a provider without a number. */
export function isTogether(wanted: string): boolean {
  const word = wanted.trim().toLowerCase();
  return word === 'all' || ORDER.some((provider) => provider === word);
}

/**
 * The devices that `wanted` means, best first: `auto` all that are likely, `gpu` and `all` those but for the processor, else
 * those of that id, provider, or part of a name. Throws `bad-argument`, naming what there is, where it means none.
 */
export function findDevices(devices: readonly Device[], wanted: string): Device[] {
  const likely = devices.filter((device) => device.likely);
  if (wanted === 'auto') return likely;
  const word = wanted.trim().toLowerCase();
  const named = devices.filter(({ id, provider }) => id === word || provider === word);
  const found =
    word === 'gpu' || word === 'all'
      ? likely.filter(({ provider }) => provider !== 'cpu')
      : named.length > 0
        ? named
        : devices.filter(({ name }) => word !== '' && name.toLowerCase().includes(word));
  if (found.length > 0) return found;
  const known = devices.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new EnlargerError(
    'bad-argument',
    `There is no device '${wanted}'. Choose auto, or one of: ${known}.`,
  );
}
