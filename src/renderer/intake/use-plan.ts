import { useEffect, useState } from 'react';
import type { PlanSummary } from '../../shared/contract/batches.ts';
import { errorOf } from '../../shared/contract/error.ts';
import { useOut } from '../recipe/out-store.ts';
import { useSession } from '../stores/session-store.ts';
import { inputsOf } from './entries.ts';
import { type Entry, entryOf } from './intake-store.ts';

/** Milliseconds without a change before main is asked: recipes are changed by sliders. */
const QUIET = 250;

export interface Planned {
  plan: PlanSummary | undefined;
  /** Why there is none. */
  problem: string | undefined;
}

/** What would become of these entries by the recipe as it is now. The last answer stays until the next is there. */
export function usePlan(entries: readonly Entry[]): Planned {
  const { client, settings } = useSession();
  const { recipe } = settings;
  const out = useOut((store) => store.out);
  const [planned, setPlanned] = useState<Planned>({ plan: undefined, problem: undefined });
  const keys = entries.map(({ key }) => key).join(' ');
  useEffect(() => {
    const waiting = keys.split(' ').flatMap((key) => entryOf(key) ?? []);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client.batches.plan({ inputs: inputsOf(waiting), out, recipe }, { signal: stop.signal }).then(
        (plan) => !stop.signal.aborted && setPlanned({ plan, problem: undefined }),
        (error: unknown) => {
          if (!stop.signal.aborted) setPlanned({ plan: undefined, problem: errorOf(error).message });
        },
      );
    }, QUIET);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [keys, client, recipe, out]);
  return planned;
}
