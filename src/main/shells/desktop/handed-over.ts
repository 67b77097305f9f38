import type { App } from 'electron';
import { z } from 'zod';
import { pathOf, pathsOf } from './arguments.ts';

/** What an instance that finds another one running leaves with it. */
const handoverSchema = z.object({ paths: z.array(z.string()) });

/**
 * Paths that the system, a command line or another instance hands over: kept until there is somebody to `deliver` them to,
 * in the order in which they came.
 */
export class HandedOver {
  readonly #waiting: string[];
  #deliver: ((paths: readonly string[]) => void) | undefined;

  constructor(paths: readonly string[]) {
    this.#waiting = [...paths];
  }

  /** The paths of this process's own command line, and from now on what the system opens with Enlarger. */
  static listen(app: App): HandedOver {
    const { argv } = process;
    const handed = new HandedOver(pathsOf({ argv, packaged: app.isPackaged, folder: process.cwd() }));
    // macOS tells what was dropped on the icon so early that nobody may be late.
    app.on('will-finish-launching', () => {
      app.on('open-file', (event, path) => {
        event.preventDefault();
        handed.add([path]);
      });
      app.on('open-url', (event, url) => {
        event.preventDefault();
        const path = pathOf(url, '/');
        if (path) handed.add([path]);
      });
    });
    return handed;
  }

  /** Everything that waits, to be left with another instance where there is one. */
  get pending(): z.infer<typeof handoverSchema> {
    return { paths: [...this.#waiting] };
  }

  /** Takes over what another instance has left. */
  takeOver(left: unknown): void {
    const parsed = handoverSchema.safeParse(left);
    if (parsed.success) this.add(parsed.data.paths);
  }

  add(paths: readonly string[]): void {
    if (paths.length === 0) return;
    if (this.#deliver) this.#deliver(paths);
    else this.#waiting.push(...paths);
  }

  /** Hands over what waits, and from now on everything at once. */
  deliver(to: (paths: readonly string[]) => void): void {
    this.#deliver = to;
    this.add(this.#waiting.splice(0));
  }
}
