import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { isRunning, processIdentitySchema, thisProcess } from '../jobs/process-identity.ts';

const NAME = /^\.enlarger-[0-9a-f-]{36}\.part$/;

const noteSchema = z.object({
  process: processIdentitySchema,
  temporary: z.string(),
});

/** A name for what is not finished yet. */
export function temporaryIn(folder: string): string {
  return join(folder, `.enlarger-${randomUUID()}.part`);
}

/**
 * Names for what one export is about to write, one at a time, each noted on the disk before it is used: if this program
 * is killed, the next one finds what is left of it.
 */
export class Temporaries implements AsyncDisposable {
  readonly #note: string;
  readonly #process = thisProcess();

  private constructor(note: string) {
    this.#note = note;
  }

  /** `notes`: folder of the notes. */
  static async open(notes: string): Promise<Temporaries> {
    await mkdir(notes, { recursive: true, mode: 0o700 });
    return new Temporaries(join(notes, `${randomUUID()}.json`));
  }

  /** The name of a file in `folder`. What had the one before has its place by now, or is gone. */
  async in(folder: string): Promise<string> {
    const temporary = temporaryIn(folder);
    await writeFile(this.#note, JSON.stringify({ process: this.#process, temporary }), { mode: 0o600 });
    return temporary;
  }

  /** Nothing is left to be found. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#note, { force: true });
  }
}

/** Removes what exports of processes that are dead by now have left behind, as `notes` say. */
export async function removeLeftovers(notes: string): Promise<void> {
  const here = thisProcess();
  for (const name of await readdir(notes).catch(() => [])) {
    const path = join(notes, name);
    const note = await readNote(path);
    if (note && isRunning(note.process, here) !== false) continue;
    if (note && NAME.test(basename(note.temporary))) {
      const removed = await rm(note.temporary, { force: true }).then(
        () => true,
        () => false,
      );
      // Perhaps a drive that is not there now, or may not be written to: the next start tries again.
      if (!removed) continue;
    }
    await rm(path, { force: true });
  }
}

/** Undefined for what a crash has cut off: nothing had been written under a temporary name then. */
async function readNote(path: string): Promise<z.infer<typeof noteSchema> | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
