import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, type ProcessIdentity, thisProcess } from '../../jobs/process-identity.ts';
import { syncFolder } from '../../sync-folder.ts';

/** Folders beside the models, in which models lie that are on their way in or out. */
const ENTERING = '.adding-';
const LEAVING = '.removing-';
const OWNER = 'owner.json';

/** What nobody can say whose it is, is given up after a day, in milliseconds. */
const ABANDONED = 24 * 60 * 60 * 1000;

/** A folder in which a model is put together. It goes with its disposal, unless the model has been placed. */
export class Staging implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes one in `models`, which is made if missing. */
  static async open(models: string): Promise<Staging> {
    await makeFolder(models);
    const folder = join(models, `${ENTERING}${randomUUID()}`);
    try {
      await mkdir(join(folder, 'model'), { recursive: true });
      await writeFile(join(folder, OWNER), JSON.stringify(thisProcess()));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return new Staging(folder);
  }

  /** What becomes the folder of the model. */
  get model(): string {
    return join(this.#folder, 'model');
  }

  /** Room for what does not become part of the model. */
  get room(): string {
    return this.#folder;
  }

  /** Makes the model stand at `target`, as a whole and durably. False if something stands there already. */
  async place(target: string, models: string): Promise<boolean> {
    await syncFolder(this.model);
    // A rename takes the place of an empty folder.
    if (await stands(target)) return false;
    try {
      await rename(this.model, target);
    } catch (error) {
      if (await stands(target)) return false;
      throw error;
    }
    await syncFolder(models);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Removes the folder `target` of `models`: at once by name, then its files. */
export async function removeFolder(target: string, models: string): Promise<void> {
  const leaving = join(models, `${LEAVING}${randomUUID()}`);
  await rename(target, leaving);
  await syncFolder(models);
  await rm(leaving, { recursive: true, force: true });
}

/** Removes what processes have left in `models` that were killed over it. */
export async function removeLeftovers(models: string): Promise<void> {
  for (const name of await readdir(models).catch(() => [])) {
    const folder = join(models, name);
    const left = name.startsWith(LEAVING) || (name.startsWith(ENTERING) && (await isLeft(folder)));
    if (left) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function isLeft(folder: string): Promise<boolean> {
  const owner = await readFile(join(folder, OWNER), 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch(() => undefined);
  const running = owner === undefined ? undefined : isRunning(owner as ProcessIdentity, thisProcess());
  if (running !== undefined) return !running;
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ABANDONED;
}

/** Says what is wrong, where `mkdir` with `recursive` says of a disk that is only read that something is missing. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') await mkdir(folder, { recursive: true });
    else if (error.code !== 'EEXIST') throw error;
  });
}

const stands = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
