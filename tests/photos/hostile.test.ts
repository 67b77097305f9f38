import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { childProcessHost, engineEntry } from '../../src/main/engine/child-process-host.ts';
import { EngineClient } from '../../src/main/engine/engine-client.ts';
import { engineScratch } from '../../src/shared/engine-protocol.ts';
import { EnlargerError } from '../../src/shared/errors.ts';
import { sha256Of } from '../cli/support.ts';
import { DecodeProcess, eachOf } from '../support/decoding.ts';
import { engineConfig, jobFor, leftovers, loadSessions, NOTHING_LEFT } from '../support/engine.ts';
import { planFor } from '../support/models.ts';
import { readPicture, temporaryFolder } from '../support/pictures.ts';

const HOSTILE = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'hostile');

/** Odd outside, whole inside: each of them is the same picture as `base` in its format. */
const WHOLE =
  /^(base\.|gen_(exif_(bad|orientation)|icc_|jpg_(named|5000)|polyglot|png_named|trailing|webp_named|no_ext|name_))/;
/** Cut short, or broken in a way that shows: nobody may get a result of these. */
const BROKEN = new RegExp(
  '^(pngsuite_x|mut_\\w+_trunc_|imagepng_(fuzz|x_)|pillow_(broken(_data_stream)?\\.png|truncated_(image|jpeg)|oom)' +
    '|sharp_(corrupt|truncated)|imagers_Bad|unsupported|gen_(zero|one|only|soi|text|html|random|zip|exe|pdf|svg' +
    '|declared|bad|no_idat|idat|short|huge|palette|gif_(65535|no)|bmp|jpg_(65500|zero|taller|no_(sos|dqt))' +
    '|webp_(riff|vp8x)|tif))',
);
/** So many pixels that enlarging them takes its time: these must be refused, or end when told to. */
const HUGE = /^(gen_bomb|sharp_giant|gen_gif_5000)/;
const HUGE_DEADLINE = 5_000;

/** Bytes by which an engine that has seen all files once may grow when it sees them again. */
const GROWTH = 100e6;

async function hostileFiles(): Promise<string[]> {
  const names = await readdir(HOSTILE);
  return names.filter((name) => !/\.(csv|py)$/.test(name)).sort();
}

/** An engine of its own process, whose every temporary file must go below `folder`; it ends with the test. */
async function engineIn(folder: string): Promise<{ engine: EngineClient; scratch: string }> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const host = childProcessHost(engineEntry(), { quiet: true });
  const config = engineConfig(join(folder, 'scratch'), { workers: 1 });
  const engine = await EngineClient.start(host, config);
  onTestFinished(() => engine.stop());
  return { engine, scratch: engineScratch(config.scratch, engine.pid) };
}

interface Ended {
  /** `done`, the code of an error that names the file, or what was wrong with the way it ended. */
  end: string;
  /** SHA-256 of the samples of a result. */
  picture?: string;
}

type Outcomes = Record<string, Ended>;

async function enlargeAll(engine: EngineClient, names: readonly string[], out: string): Promise<Outcomes> {
  const ended = await eachOf(names, 3, async (name) => {
    const temporary = join(out, `.${names.indexOf(name)}.part`);
    const outcome = await enlarge(engine, join(HOSTILE, name), temporary, HUGE.test(name));
    const picture = WHOLE.test(name) && outcome === 'done' ? await samplesOf(temporary) : undefined;
    if (outcome === 'done') await rm(temporary);
    return [name, { end: outcome, ...(picture ? { picture } : {}) }] as const;
  });
  return Object.fromEntries(ended);
}

async function enlarge(
  engine: EngineClient,
  source: string,
  temporary: string,
  huge: boolean,
): Promise<string> {
  const deadline = huge ? { deadline: HUGE_DEADLINE } : {};
  try {
    const { width, height } = await engine.request('probe', { source });
    const result = await engine.enhance(
      jobFor(source, 'png', { output: { temporary, format: 'png' }, ...deadline }),
    );
    return result.width === 2 * width && result.height === 2 * height ? 'done' : 'of another size';
  } catch (error) {
    if (!(error instanceof EnlargerError)) return String(error);
    const late = huge && error.code === 'deadline-exceeded';
    // A huge picture may be refused for the memory it takes, or stopped: both are an end.
    if (huge && (late || error.code === 'too-large')) return 'ended';
    return error.message.includes(source) ? error.code : error.message;
  }
}

const isExpected = (name: string, end: string) =>
  HUGE.test(name)
    ? ['done', 'ended'].includes(end)
    : WHOLE.test(name)
      ? end === 'done'
      : BROKEN.test(name)
        ? REFUSALS.includes(end)
        : ['done', ...REFUSALS].includes(end);

const REFUSALS = ['decode-failed', 'too-large', 'unsupported-format'];

const BASES = ['jpg', 'png', 'webp', 'gif', 'tif', 'avif', 'bmp'].map((extension) => `base.${extension}`);

const isBase = (picture: string | undefined, outcomes: Outcomes) =>
  BASES.some((name) => outcomes[name]?.picture === picture);

async function samplesOf(file: string): Promise<string> {
  return sha256Of((await readPicture(file)).data as Uint8Array);
}

/** Bytes of memory that a process holds (Linux). */
async function residentBytes(pid: number): Promise<number> {
  const [, pages] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
  return Number(pages) * 4096;
}

async function looks(folder: string): Promise<Record<string, bigint>> {
  const taken = (await readdir(folder)).map(async (name) => {
    const { mtimeNs } = await stat(join(folder, name), { bigint: true });
    return [name, mtimeNs] as const;
  });
  return Object.fromEntries(await Promise.all(taken));
}

describe.skipIf(!existsSync(HOSTILE))('hostile files (where ../shared/data/hostile is)', () => {
  it('decode to what they are, or are refused in words that name them', async () => {
    const decoder = new DecodeProcess(await temporaryFolder());
    const names = await hostileFiles();
    const outcomes = await eachOf(names, 2, (name) => decoder.decode(join(HOSTILE, name)));
    const wrong = names.flatMap((name, index) => {
      const outcome = outcomes[index];
      if (!outcome || outcome.left.length > 0) return [{ name, outcome }];
      const { probed, decoded } = outcome;
      if ('untyped' in probed || 'untyped' in decoded) return [{ name, outcome }];
      if (WHOLE.test(name) && 'code' in decoded) return [{ name, outcome }];
      if (BROKEN.test(name) && !('code' in decoded)) return [{ name, outcome }];
      // What a header promises is what a picture has.
      const same = !('size' in probed && 'size' in decoded) || String(probed.size) === String(decoded.size);
      return same ? [] : [{ name, outcome }];
    });
    expect(wrong).toEqual([]);
    expect(names.length).toBeGreaterThan(300);
  }, 180_000);

  it('through the engine, three times: right results, nothing left or written elsewhere, no memory lost', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'out');
    await mkdir(out);
    const names = await hostileFiles();
    const small = names.filter((name) => !HUGE.test(name));
    const before = await looks(HOSTILE);
    const { engine, scratch } = await engineIn(folder);
    await loadSessions(engine, planFor());
    const memory: number[] = [];
    const passes: Outcomes[] = [];
    for (let pass = 0; pass < 3; pass++) {
      passes.push(await enlargeAll(engine, small, out));
      if (process.platform === 'linux') memory.push(await residentBytes(engine.pid));
    }
    // These come last: their tiles are so many that the engine's own bookkeeping takes memory for a while.
    const huge = await enlargeAll(
      engine,
      names.filter((name) => HUGE.test(name)),
      out,
    );
    expect(engine.death).toBeUndefined();
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
    const elsewhere = await readdir(join(folder, 'tmp'));
    await engine.stop();
    const [first = {}, ...others] = passes;
    for (const other of others) expect(other).toEqual(first);
    const odd = Object.entries({ ...first, ...huge }).filter(([name, { end }]) => !isExpected(name, end));
    expect(odd).toEqual([]);
    const strange = Object.entries(first).filter(
      ([name, { end, picture }]) => end === 'done' && WHOLE.test(name) && !isBase(picture, first),
    );
    expect(strange).toEqual([]);
    expect({ elsewhere, out: await readdir(out), hostile: await looks(HOSTILE) }).toEqual({
      elsewhere: [],
      out: [],
      hostile: before,
    });
    // What is lost is lost in every pass; what the collector of garbage has not come to yet is not.
    const [once = 0, twice = 0, thrice = 0] = memory;
    expect(Math.min(twice - once, thrice - twice)).toBeLessThan(GROWTH);
  }, 600_000);
});
