import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../src/main/installation.ts';
import { ModelRegistry } from '../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../src/main/models/resolve-plan.ts';
import { jobFor, loadSessions, startEngine } from '../support/engine.ts';
import { type RawPicture, readPicture, temporaryFolder } from '../support/pictures.ts';
import { channelOf, largestDifference } from '../support/pixels.ts';
import { prepareNearest } from './codec/nearest.ts';

const SIDE = 48;
const RADIUS = 15;
const COLOUR = [250, 215, 40];
/** What files keep where nothing is seen. */
const HIDDEN = { black: [0, 0, 0], white: [255, 255, 255], contrasting: [30, 60, 230] };
const BACKGROUNDS = [
  [0, 0, 0],
  [255, 255, 255],
  [40, 90, 220],
] as const;
/** 8-bit levels that a pixel at the rim may leave the range between disc and background. */
const ALLOWED = 2;

interface Disc {
  bands: 2 | 4;
  deep: boolean;
  /** Pixels over which its rim fades; 0 is a hard edge. */
  softness: number;
  hidden: readonly number[];
  /** Of its middle, 0..1. */
  opacity?: number;
}

/** A disc of COLOUR over nothing. */
function disc({ bands, deep, softness, hidden, opacity = 1 }: Disc): RawPicture {
  const unit = deep ? 257 : 1;
  const data = new (deep ? Uint16Array : Uint8Array)(SIDE * SIDE * bands);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    const middle = (SIDE - 1) / 2;
    const inside = RADIUS - Math.hypot((pixel % SIDE) - middle, Math.floor(pixel / SIDE) - middle);
    const coverage = softness === 0 ? Number(inside >= 0) : Math.min(1, Math.max(0, 0.5 + inside / softness));
    const alpha = Math.round(255 * opacity * coverage);
    const shown = alpha > 0 ? COLOUR : hidden;
    data.set(
      [...shown.slice(0, bands - 1), alpha].map((value) => unit * value),
      pixel * bands,
    );
  }
  return { data, width: SIDE, height: SIDE, channels: bands };
}

async function write(file: string, { data, width, height, channels }: RawPicture, palette = false) {
  const deep = data instanceof Uint16Array;
  const space = channels === 2 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  await sharp(data, { raw: { width, height, channels } }).toColourspace(space).png({ palette }).toFile(file);
}

/** Enlarges pictures one after the other, int8 where they have eight bits. */
async function enlarger(id: string) {
  const plan = resolvePlan((await ModelRegistry.read(modelsFolder())).get(id), {
    variant: 'int8',
    threads: 1,
  });
  const folder = await temporaryFolder();
  const { engine } = await startEngine(folder);
  await loadSessions(engine, plan);
  return async (picture: RawPicture, palette = false) => {
    const source = join(folder, 'disc.png');
    await write(source, picture, palette);
    const job = jobFor(source, 'png', { plan });
    await engine.enhance(job);
    return readPicture(job.output.temporary);
  };
}

/** How far `picture` over `background` leaves the range between the two, at worst, in 8-bit levels. */
function fringe({ data, channels }: RawPicture, background: readonly number[]): number {
  const unit = data instanceof Uint16Array ? 257 : 1;
  let worst = 0;
  for (let at = 0; at < data.length; at += channels) {
    const alpha = (data[at + channels - 1] as number) / unit / 255;
    for (let channel = 0; channel < channels - 1; channel++) {
      const [front, behind] = [COLOUR[channel] as number, background[channel] as number];
      const seen = (alpha * (data[at + channel] as number)) / unit + (1 - alpha) * behind;
      worst = Math.max(worst, seen - Math.max(front, behind), Math.min(front, behind) - seen);
    }
  }
  return worst;
}

function worstFringe(picture: RawPicture): number {
  return Math.max(...BACKGROUNDS.map((background) => fringe(picture, background)));
}

const KINDS = [
  ['photo-x2', 'RGB and alpha', { bands: 4, deep: false }, false],
  ['photo-x4', 'RGB and alpha', { bands: 4, deep: false }, false],
  ['photo-x2', 'a palette with transparency', { bands: 4, deep: false }, true],
  ['photo-x2', 'gray and alpha', { bands: 2, deep: false }, false],
  ['photo-x2', '16 bits, alpha included', { bands: 4, deep: true }, false],
  ['photo-x2', '16-bit gray and alpha', { bands: 2, deep: true }, false],
] as const;

describe('the rim of a disc over nothing, over black, white and blue', () => {
  it.each(KINDS)('%s, %s: no fringe of hidden colours', async (id, _, kind, palette) => {
    const enlarge = await enlarger(id);
    for (const [name, hidden] of Object.entries(HIDDEN)) {
      for (const softness of [0, 3]) {
        const result = await enlarge(disc({ ...kind, softness, hidden }), palette);
        expect(result.channels).toBe(kind.bands);
        expect(result.data instanceof Uint16Array).toBe(kind.deep);
        expect(worstFringe(result), `${name} below, soft over ${softness}`).toBeLessThanOrEqual(ALLOWED);
      }
    }
  });

  it('the measure sees the fringe of an enlargement that mixes hidden colours in', async () => {
    const { data, width, height } = disc({ bands: 4, deep: false, softness: 0, hidden: HIDDEN.contrasting });
    const planes = [0, 1, 2, 3].map((channel) =>
      sharp(channelOf({ data, channels: 4 }, channel), { raw: { width, height, channels: 1 } })
        .resize(2 * width, 2 * height, { kernel: 'cubic' })
        .toColourspace('b-w')
        .raw()
        .toBuffer(),
    );
    const enlarged = await Promise.all(planes);
    const mixed = new Uint8Array(4 * 4 * width * height).map((_, index) => {
      return enlarged[index % 4]?.[Math.floor(index / 4)] as number;
    });
    const result: RawPicture = { data: mixed, width: 2 * width, height: 2 * height, channels: 4 };
    expect(worstFringe(result)).toBeGreaterThan(10 * ALLOWED);
  });
});

/** Of a step, in one direction: the most that Keys' cubic adds in front of it (at a quarter pixel), and in both. */
const OVERSHOOT = 0.0703;
const OVERSHOOT_AT_CORNERS = (1 + OVERSHOOT) ** 2 - 1;

it('alpha overshoots at a hard edge by no more than bicubic interpolation does', async () => {
  const enlarge = await enlarger('photo-x2');
  const kind = { bands: 4, deep: false, softness: 0, hidden: HIDDEN.white } as const;
  for (const opacity of [0.3, 0.5, 0.7]) {
    const alpha = channelOf(await enlarge(disc({ ...kind, opacity })), 3);
    const step = Math.round(255 * opacity);
    const over = (Math.max(...alpha) - step) / step;
    expect(over).toBeGreaterThan(OVERSHOOT / 2);
    expect(over).toBeLessThanOrEqual(OVERSHOOT_AT_CORNERS + 1 / step);
  }
});

describe('alpha that is opaque everywhere', () => {
  it('changes nothing of the colours, and stays', async () => {
    const enlarge = await enlarger('photo-x2');
    const hidden = HIDDEN.contrasting;
    const opaque = madeOpaque(disc({ bands: 4, deep: false, softness: 3, hidden }));
    const colours = opaque.data.filter((_, index) => index % 4 !== 3);
    const plain = { ...opaque, data: colours, channels: 3 } as const;
    const [withAlpha, without] = [await enlarge(opaque), await enlarge(plain)];
    expect(new Set(channelOf(withAlpha, 3))).toEqual(new Set([255]));
    for (const channel of [0, 1, 2]) {
      const [a, b] = [channelOf(withAlpha, channel), channelOf(without, channel)];
      expect(largestDifference({ ...withAlpha, data: a }, { ...without, data: b })).toBe(0);
    }
  });

  it('is not enlarged: the encoder is given none', async () => {
    const folder = await temporaryFolder();
    const source = join(folder, 'disc.png');
    const picture = disc({ bands: 4, deep: false, softness: 3, hidden: HIDDEN.white });
    const given: boolean[] = [];
    for (const written of [picture, madeOpaque(picture)]) {
      await write(source, written);
      const { work } = await prepareNearest(folder, source, { format: 'png' });
      given.push(work.alpha !== undefined);
    }
    expect(given).toEqual([true, false]);
  });
});

/** The same with all of its colours seen. */
function madeOpaque(picture: RawPicture): RawPicture {
  return { ...picture, data: picture.data.map((sample, index) => (index % 4 === 3 ? 255 : sample)) };
}
