import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { SessionSpec } from '../../shared/plan.ts';
import { isRunning, processIdentitySchema, thisProcess } from '../jobs/process-identity.ts';
import { replaceFile } from '../replace-file.ts';
import { syncFolder } from '../sync-folder.ts';
import type { Device } from './device-list.ts';

const trialSchema = z.discriminatedUnion('state', [
  /** Written before a trial by whoever makes it: a driver may take the whole machine with it. */
  z.object({ state: z.literal('begun'), by: processIdentitySchema }),
  z.object({
    state: z.literal('passed'),
    /** For the built-in picture. */
    milliseconds: z.number(),
    /** Whether the device computes all of the network. */
    whole: z.boolean(),
    /** Pixels of the largest tile that it has memory for, where that is less than the model's own. */
    tilePixels: z.number().positive().optional(),
  }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);

const keptSchema = z.object({ key: z.string(), trial: trialSchema });

/**
 * What a trial is kept under. The device comes first, so that one can be forgotten. `runtime`: version of ONNX Runtime;
 * another may compute otherwise.
 */
export function trialKey(
  { id, name, driver }: Pick<Device, 'id' | 'name' | 'driver'>,
  { sha256 }: Pick<SessionSpec, 'sha256'>,
  runtime: string,
): string {
  return `${id}/${name}/${driver}/${runtime}/${sha256}`;
}

/** Names may have slashes in them; ids and hashes have none. */
function partsOf(key: string): { device: string; sha256: string } {
  const parts = key.split('/');
  return { device: parts[0] ?? '', sha256: parts.at(-1) ?? '' };
}

/** How a device did with a model. */
export type Trial = Exclude<z.infer<typeof trialSchema>, { state: 'begun' }>;
type Kept = z.infer<typeof keptSchema>;

const UNENDED = 'the program ended while it was tried, perhaps over it';

/**
 * How devices did with models, kept in the folder `devices` between runs, so that each is tried once. A trial is noted
 * before it begins: what crashes a process does so once. Each has a file of its own, so that of several processes that try
 * devices at once none writes over what another has found.
 */
export class DeviceTrials {
  readonly #folder: string;
  /** The changes that are being written, in their order. */
  #writing: Promise<unknown> = Promise.resolve();

  /** `state`: the folder where this user's state is kept. */
  constructor(state: string) {
    this.#folder = join(state, 'devices');
  }

  /** What is known of `key`; undefined where it has not been tried, or somebody else is at it. */
  async get(key: string): Promise<Trial | undefined> {
    const kept = await read(this.#fileOf(key));
    return kept && ended(kept);
  }

  /** Resolves once it is on the disk that `key` is being tried. Throws where that cannot be kept. */
  begin(key: string): Promise<void> {
    return this.#inTurn(() => this.#write({ key, trial: { state: 'begun', by: thisProcess() } }));
  }

  end(key: string, trial: Trial): Promise<void> {
    return this.#inTurn(() => this.#write({ key, trial }));
  }

  /** Notes with a trial that passed that there is memory for tiles of at most so many pixels. */
  keepTile(key: string, pixels: number): Promise<void> {
    return this.#inTurn(async () => {
      const trial = await this.get(key);
      if (trial?.state !== 'passed') return;
      const tilePixels = Math.min(trial.tilePixels ?? pixels, pixels);
      await this.#write({ key, trial: { ...trial, tilePixels } });
    });
  }

  /** All that is known of the files of weights with these hashes. */
  async of(hashes: ReadonlySet<string>): Promise<{ device: string; sha256: string; trial: Trial }[]> {
    return (await this.#all()).flatMap((kept) => {
      const { device, sha256 } = partsOf(kept.key);
      const trial = hashes.has(sha256) ? ended(kept) : undefined;
      return trial ? [{ device, sha256, trial }] : [];
    });
  }

  /** As if the keys that begin so had never been tried. */
  forget(beginning: string): Promise<void> {
    return this.#inTurn(async () => {
      for (const { key } of await this.#all()) {
        if (key.startsWith(beginning)) await rm(this.#fileOf(key), { force: true });
      }
    });
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const written = this.#writing.then(change);
    this.#writing = written.catch(() => {});
    return written;
  }

  async #write(kept: Kept): Promise<void> {
    // A driver that takes the machine with it must not take the new folder, too.
    if (await mkdir(this.#folder, { recursive: true })) await syncFolder(dirname(this.#folder));
    await replaceFile(this.#fileOf(kept.key), `${JSON.stringify(kept, undefined, 2)}\n`);
  }

  /** In the order of their keys. */
  async #all(): Promise<Kept[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const files = names.filter((name) => name.endsWith('.json'));
    const kept = await Promise.all(files.map((name) => read(join(this.#folder, name))));
    return kept.flatMap((each) => each ?? []).sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Names of cards have in them what files cannot have in theirs. */
  #fileOf(key: string): string {
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex')}.json`);
  }
}

/** Undefined for a trial that somebody is at. */
function ended({ trial }: Kept): Trial | undefined {
  if (trial.state !== 'begun') return trial;
  return isRunning(trial.by, thisProcess()) === false ? { state: 'failed', reason: UNENDED } : undefined;
}

/** What makes no sense is set aside. */
async function read(path: string): Promise<Kept | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const kept = understood(text);
  if (!kept) await rename(path, `${path}.broken`).catch(() => {});
  return kept;
}

function understood(text: string): Kept | undefined {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
