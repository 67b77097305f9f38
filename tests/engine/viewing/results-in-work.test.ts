import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AroundStage } from '../../../src/engine/engine.ts';
import type { EngineClient } from '../../../src/main/engine/engine-client.ts';
import type { EnhanceJob, JobProgress, JobState } from '../../../src/shared/engine-protocol.ts';
import type { SquarePlace } from '../../../src/shared/squares.ts';
import { planTiles, scaled } from '../../../src/shared/tiles.ts';
import {
  jobFor,
  leftovers,
  loadSessions,
  NOTHING_LEFT,
  outcomeOf,
  readyEngine,
} from '../../support/engine.ts';
import { planFor } from '../../support/models.ts';
import { type PictureOptions, writePicture } from '../../support/pictures.ts';
import { expectedSquare, likeness, type Shown, shownWhole } from './shown.ts';

/** Enough tiles that it is in work for as long as a test looks at it. */
const SIZE = { width: 500, height: 420 };
/** Bytes: room for a few bands of such pictures, and not for any of them whole. */
const SMALL = 750_000;

const KINDS: [name: string, options: PictureOptions][] = [
  ['photo.png', {}],
  ['turned.jpg', { orientation: 6 }],
  ['gray.png', { bands: 1 }],
  ['gray-alpha.png', { bands: 2 }],
  ['rgba.png', { bands: 4 }],
  ['deep.png', { deep: true }],
  ['deep-alpha.png', { deep: true, bands: 4 }],
  ['wide-gamut.png', { profile: 'p3' }],
];

/** Fast enough for whole pictures of many tiles; deep ones are computed in float. */
const PLAN = planFor({ variant: 'int8' });

async function prepared(...args: Parameters<typeof readyEngine>) {
  const engine = await readyEngine(...args);
  await loadSessions(engine.engine, PLAN);
  return engine;
}

type Engine = Awaited<ReturnType<typeof readyEngine>>;

async function begin({ folder, engine }: Engine, [name, options]: (typeof KINDS)[number]) {
  const job = jobFor(await writePicture(join(folder, name), { ...SIZE, ...options }), 'png', {
    plan: PLAN,
  });
  // In the middle, where nothing is transparent.
  await engine.request('look', { jobId: job.jobId, point: { x: 440, y: 380 } });
  return { job, ended: engine.enhance(job), square: squaresOf(engine, folder, job) };
}

/** Asks for squares of a job's result; undefined where there is none. */
function squaresOf(engine: EngineClient, folder: string, { jobId }: EnhanceJob) {
  let squares = 0;
  return async (place: SquarePlace): Promise<Shown | undefined> => {
    const target = join(folder, `square-${squares++}`);
    try {
      await engine.request('resultSquare', { jobId, target, ...place });
    } catch (error) {
      expect(error).toMatchObject({ code: 'not-found' });
      return undefined;
    }
    return shownWhole(target);
  };
}

/** Resolves with the first message about the job for which `matches` holds. */
function told({ engine }: Engine, matches: (job: JobProgress) => boolean): Promise<JobProgress> {
  const { promise, resolve } = Promise.withResolvers<JobProgress>();
  const stop = engine.onProgress((jobs) => {
    const found = jobs.find(matches);
    if (!found) return;
    stop();
    resolve(found);
  });
  return promise;
}

const firstTile = (engine: Engine) => told(engine, ({ dirty }) => dirty !== undefined);
const alphaOf = ({ data }: Shown) => data.filter((_, at) => at % 4 === 3);

/** `picture` where `mask` shows something. */
function where(mask: Shown, picture: Shown): Shown {
  const data = picture.data.map((value, at) => (mask.data[at - (at % 4) + 3] === 0 ? 0 : value));
  return { ...picture, data };
}

/** Stages that wait before they begin, or go on as always. */
function stopBefore(stage: string): { around: AroundStage; reached: Promise<void>; goOn(): void } {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const around: AroundStage = (inner) => {
    if (inner.name !== stage) return inner;
    return {
      ...inner,
      discard: (output) => inner.discard?.(output),
      run: async (input, context) => {
        reached.resolve();
        await gate.promise;
        return inner.run(input, context);
      },
    };
  };
  return { around, reached: reached.promise, goOn: gate.resolve };
}

describe('a result in work', () => {
  it.each(KINDS)('of %s shows the tiles that are done as they will be, and nothing else', async (...file) => {
    const engine = await prepared({ workers: 1 });
    const { job, ended, square } = await begin(engine, file);
    await firstTile(engine);
    const places = [
      { level: 0, column: 0, row: 0 },
      { level: 1, column: 0, row: 0 },
      { level: 3, column: 0, row: 0 },
    ];
    const squares: Shown[] = [];
    for (const place of places) squares.push((await square(place)) as Shown);
    expect(await ended).toMatchObject({ sha256: expect.any(String) });
    const final = await shownWhole(job.output.temporary);
    for (const [index, place] of places.entries()) {
      const shown = squares[index] as Shown;
      const expected = where(shown, expectedSquare(final, place));
      const seen = alphaOf(shown).filter((alpha) => alpha > 0).length;
      expect(seen).toBeGreaterThan(0);
      expect(seen).toBeLessThan(alphaOf(expectedSquare(final, place)).filter((alpha) => alpha > 0).length);
      // What is hidden under transparency is not masked alike; colours are rounded once more through a profile.
      expect(likeness(shown, expected)).toBeGreaterThan(place.level < 2 ? 45 : 30);
    }
    expect(await leftovers(engine.engine, engine.scratch)).toEqual(NOTHING_LEFT);
  });

  it('shows whole tiles or none', async () => {
    const engine = await prepared({ workers: 1 });
    const { job, ended, square } = await begin(engine, ['photo.png', {}]);
    await firstTile(engine);
    const shown = (await square({ level: 0, column: 0, row: 0 })) as Shown;
    const { scale, tile } = job.plan;
    const tiles = planTiles(SIZE.width, SIZE.height, tile).map((rect) => scaled(rect, scale));
    const alpha = alphaOf(shown);
    const inside = tiles.filter(({ x, y, width, height }) => x + width <= 512 && y + height <= 512);
    const states = inside.map(({ x, y, width, height }) => {
      const rows = Array.from({ length: height }, (_, row) => (y + row) * shown.width + x);
      const alphas = rows.flatMap((from) => [...alpha.subarray(from, from + width)]);
      return [...new Set(alphas)];
    });
    expect(states).toContainEqual([255]);
    expect(states).toContainEqual([0]);
    expect(states.every(({ length }) => length === 1)).toBe(true);
    await engine.engine.cancel([job.jobId]).whenCleaned();
    expect(await outcomeOf(ended)).toBe('cancelled');
  });

  it.each(KINDS)('of %s in bands shows those that are done', async (...file) => {
    const memoryBudget = file[1].deep ? 2 * SMALL : SMALL;
    const engine = await prepared({ workers: 1, memoryBudget });
    const { job, ended, square } = await begin(engine, file);
    await firstTile(engine);
    const places = [
      { level: 0, column: 0, row: 0 },
      { level: 3, column: 0, row: 0 },
    ];
    const squares: Shown[] = [];
    for (const place of places) squares.push((await square(place)) as Shown);
    await ended;
    const final = await shownWhole(job.output.temporary);
    for (const [index, place] of places.entries()) {
      const shown = squares[index] as Shown;
      expect(alphaOf(shown).some((alpha) => alpha > 0)).toBe(true);
      const expected = where(shown, expectedSquare(final, place));
      expect(likeness(shown, expected)).toBeGreaterThan(place.level < 2 ? 45 : 30);
    }
    expect(await leftovers(engine.engine, engine.scratch)).toEqual(NOTHING_LEFT);
  });

  it.each(KINDS)('of %s is there as a whole while it is written', async (...file) => {
    const before = stopBefore('encode');
    const engine = await prepared({}, before.around);
    const { job, ended, square } = await begin(engine, file);
    await before.reached;
    const place = { level: 1, column: 0, row: 0 };
    const unwritten = await square(place);
    const encoding = told(engine, ({ state }) => state === 'encoding');
    before.goOn();
    await encoding;
    const whileWritten = await Promise.all([square(place), square(place), square(place)]);
    await ended;
    const expected = expectedSquare(await shownWhole(job.output.temporary), place);
    for (const shown of [unwritten, ...whileWritten]) {
      if (shown) expect(likeness(shown, expected)).toBeGreaterThan(36);
    }
    expect(unwritten).toBeDefined();
  });

  it('is read from its file while that is verified, and not there any more afterwards', async () => {
    const before = stopBefore('verify');
    const engine = await prepared({}, before.around);
    const { job, ended, square } = await begin(engine, ['photo.png', {}]);
    const place = { level: 0, column: 1, row: 1 };
    await before.reached;
    const shown = (await square(place)) as Shown;
    before.goOn();
    await ended;
    expect(likeness(shown, expectedSquare(await shownWhole(job.output.temporary), place))).toBeGreaterThan(
      40,
    );
    expect(await square(place)).toBeUndefined();
    expect(await readdir(engine.scratch)).toEqual([expect.stringMatching(/^view-.*\.tif$/)]);
  });

  it('is not there before its first tile can be, nor beyond its edges, nor for jobs that nobody knows', async () => {
    const before = stopBefore('enhance');
    const engine = await prepared({}, before.around);
    const { ended, square } = await begin(engine, ['photo.png', {}]);
    const place = { level: 0, column: 0, row: 0 };
    await before.reached;
    expect(await square(place)).toBeUndefined();
    const begun = told(engine, ({ state }) => state === 'enhancing');
    before.goOn();
    await begun;
    expect(await square({ ...place, column: 2 })).toBeUndefined();
    expect(await square({ ...place, level: 1, row: 1 })).toBeUndefined();
    await ended;
    const unknown = engine.engine.request('resultSquare', { jobId: 999_999, target: 'x', ...place });
    await expect(unknown).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each<JobState>(['enhancing', 'encoding'])(
    'that is cancelled (%s) while it is looked at leaves nothing',
    async (state) => {
      const engine = await prepared({ workers: 1 });
      const { job, ended, square } = await begin(engine, ['rgba.png', { bands: 4 }]);
      const outcome = outcomeOf(ended);
      await told(engine, (progress) => progress.state === state);
      const asked = [0, 1, 2, 3].map((level) => square({ level, column: 0, row: 0 }));
      await engine.engine.cancel([job.jobId]).whenCleaned();
      await Promise.all(asked);
      expect(['cancelled', 'done']).toContain(await outcome);
      const left = await leftovers(engine.engine, engine.scratch);
      // What was opened to be looked at stays for the next look.
      const scratch = left.scratch.filter((name) => !name.startsWith('view-'));
      expect({ ...left, scratch }).toEqual(NOTHING_LEFT);
    },
  );
});

describe('where the user looks', () => {
  const point = { x: 700, y: 500 };
  const holds = ({ x, y, width, height }: NonNullable<JobProgress['dirty']>) =>
    x <= point.x && point.x < x + width && y <= point.y && point.y < y + height;

  it('is enlarged first, also where it is said before the job is there', async () => {
    const engine = await prepared({ workers: 1 });
    const source = await writePicture(join(engine.folder, 'photo.png'), SIZE);
    const job = jobFor(source, 'png', { plan: PLAN });
    await engine.engine.request('look', { jobId: job.jobId, point });
    const first = firstTile(engine);
    const ended = outcomeOf(engine.engine.enhance(job));
    const { dirty, tilesDone } = await first;
    expect(dirty && holds(dirty)).toBe(true);
    expect(tilesDone).toBeLessThan(20);
    await engine.engine.cancel().whenCleaned();
    expect(await ended).toBe('cancelled');
  });

  it('in a picture in bands is made first within each of them', async () => {
    const engine = await prepared({ workers: 1, memoryBudget: SMALL });
    const source = await writePicture(join(engine.folder, 'photo.png'), SIZE);
    const job = jobFor(source, 'png', { plan: PLAN });
    await engine.engine.request('look', { jobId: job.jobId, point });
    expect(await outcomeOf(engine.engine.enhance(job))).toBe('done');
    expect(await leftovers(engine.engine, engine.scratch)).toEqual(NOTHING_LEFT);
  });

  it('goes ahead of other files, and of the rest of its own', async () => {
    const engine = await prepared({ workers: 1 });
    const names = ['a.png', 'b.png'];
    const sources = await Promise.all(names.map((name) => writePicture(join(engine.folder, name), SIZE)));
    const jobs = sources.map((source) => jobFor(source, 'png', { plan: PLAN }));
    const [first, second] = jobs as [EnhanceJob, EnhanceJob];
    const ended = jobs.map((job) => outcomeOf(engine.engine.enhance(job)));
    await told(engine, ({ jobId, state }) => jobId === second.jobId && state === 'enhancing');
    const looked = told(
      engine,
      ({ jobId, dirty }) => jobId === second.jobId && dirty !== undefined && holds(dirty),
    );
    await engine.engine.request('look', { jobId: second.jobId, point });
    const { tilesDone, tilesTotal } = await looked;
    expect(tilesDone).toBeLessThan(tilesTotal / 2);
    await engine.engine.request('look', { jobId: second.jobId, point: null });
    await engine.engine.cancel([first.jobId, second.jobId]).whenCleaned();
    expect((await Promise.all(ended))[1]).toBe('cancelled');
  });
});
