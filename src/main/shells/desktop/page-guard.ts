import type { RenderProcessGoneDetails, WebContents } from 'electron';
import { ReloadLimit } from './reload-limit.ts';

type GuardedContents = Pick<WebContents, 'on' | 'isDestroyed' | 'forcefullyCrashRenderer'>;

/** A page that does not answer for so long is ended and loaded again, milliseconds. */
const PATIENCE = 15_000;

interface GuardOptions {
  /** Loads the page again. */
  load: () => void;
  /** Asks whether to go on after the page has failed again and again; resolves to whether the user wants to. */
  ask: () => Promise<boolean>;
}

/**
 * Loads a page again whose process has died or hangs. Nothing is lost by that: what it shows, it asks main for.
 * A page that does not stay is given up after a few times, and the user is asked. What is returned does the same for what
 * others see fail that the page cannot do without.
 */
export function guardPage(contents: GuardedContents, { load, ask }: GuardOptions): () => Promise<void> {
  const limit = new ReloadLimit();
  let hanging: NodeJS.Timeout | undefined;

  const reload = async () => {
    if (!limit.allows(performance.now())) {
      if (!(await ask())) return;
      limit.reset();
    }
    if (!contents.isDestroyed()) load();
  };

  contents.on('render-process-gone', (_, { reason }: RenderProcessGoneDetails) => {
    clearTimeout(hanging);
    if (reason !== 'clean-exit') void reload();
  });
  contents.on('unresponsive', () => {
    clearTimeout(hanging);
    // Its end is told above, and it is loaded again there.
    hanging = setTimeout(() => contents.forcefullyCrashRenderer(), PATIENCE);
  });
  contents.on('responsive', () => clearTimeout(hanging));
  contents.on('destroyed', () => clearTimeout(hanging));
  return reload;
}
