import { errorOf } from '../../shared/contract/error.ts';
import type { FileRecord } from '../../shared/jobs.ts';
import { toasts } from '../components/toasts.ts';
import { useOut } from '../recipe/out-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSessionStore } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { inputsOf, isSource, readyOf } from './entries.ts';
import { entryFiles, handOver } from './entry-files.ts';
import { type Entry, useIntake } from './intake-store.ts';

/** Inputs that one request names at most. */
const MOST_INPUTS = 10_000;

/** Groups that wait for Start, whatever the settings say: main has refused to begin with them. */
const held = new Set<number>();

/** Begins with a group of which nothing is on its way any more, where the settings say so. */
export function startIfReady(group: number): void {
  const { session } = useSessionStore.getState();
  const own = useIntake.getState().entries.filter((entry) => entry.group === group);
  if (!session?.settings.startAtOnce || held.has(group)) return;
  if (own.some(({ state }) => state === 'uploading')) return;
  void startEntries(readyOf(own));
}

/** Makes a batch of these entries; they give way to its files. What main says against it is shown, and they stay. */
export async function startEntries(entries: readonly Entry[]): Promise<void> {
  const { starting } = useIntake.getState();
  const fresh = entries.filter(({ key }) => !starting.has(key));
  const wanted = fresh.slice(0, MOST_INPUTS);
  const rest = fresh.slice(MOST_INPUTS);
  const { session } = useSessionStore.getState();
  if (wanted.length === 0 || !session) return;
  const keys = new Set(wanted.map(({ key }) => key));
  useIntake.setState((store) => ({ starting: store.starting.union(keys) }));
  const known = new Set(useLibrary.getState().shown);
  // The line may tell of the batch before the call is answered.
  const unfollow = useLibrary.subscribe(({ shown, files }, before) => {
    if (shown === before.shown) return;
    const news = [...files.values()].filter(({ batchId }) => !known.has(batchId));
    // What is in it of the first few, is of all.
    const some = wanted.slice(0, 10);
    const { root } = session.capabilities;
    if (news.some((file) => some.some((entry) => isSource(entry, file, root)))) giveWay(keys, news);
  });
  try {
    const { id } = await session.client.batches.create({
      inputs: inputsOf(wanted),
      out: useOut.getState().out,
      recipe: session.settings.recipe,
    });
    if (!useLibrary.getState().shown.includes(id)) await useLibrary.getState().show(session.client, id);
    giveWay(
      keys,
      [...useLibrary.getState().files.values()].filter(({ batchId }) => batchId === id),
    );
  } catch (error) {
    for (const { group } of wanted) held.add(group);
    toasts.add({ description: errorOf(error).message, type: 'problem', timeout: 0 });
  } finally {
    unfollow();
    useIntake.setState((store) => ({ starting: store.starting.difference(keys) }));
  }
  if (rest.length > 0) await startEntries(rest);
}

/** Entries are gone, and the files of their batch are there: whoever was looked at still is. */
function giveWay(keys: ReadonlySet<string>, files: readonly FileRecord[]): void {
  const { entries } = useIntake.getState();
  const gone = entries.filter(({ key }) => keys.has(key));
  if (gone.length === 0) return;
  const { current, look } = useView.getState();
  const root = useSessionStore.getState().session?.capabilities.root;
  const looked = gone.find(({ key }) => key === current);
  const become = looked && (files.find((file) => isSource(looked, file, root)) ?? files[0]);
  if (looked && become) handOver(looked, become.id);
  useIntake.setState({ entries: entries.filter(({ key }) => !keys.has(key)) });
  if (become) look(become.id);
  for (const key of keys) entryFiles.delete(key);
}
