import { create } from 'zustand';
import type { EnlargerClient } from '../../shared/contract/contract.ts';
import { errorOf } from '../../shared/contract/error.ts';
import type { Settings, SettingsChange } from '../../shared/contract/settings.ts';
import { type Capabilities, CONTRACT_VERSION, type Model } from '../../shared/contract/shell.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { toasts } from '../components/toasts.ts';
import { openLine } from '../link/connect.ts';
import { useOut } from '../recipe/out-store.ts';
import { useLibrary } from './library-store.ts';
import { SettingsWriter } from './settings-writer.ts';

/** Everything that does not change while a line is open, and the settings. */
export interface Session {
  client: EnlargerClient;
  capabilities: Capabilities;
  models: readonly Model[];
  settings: Settings;
  /** Of Enlarger. */
  version: string;
}

interface SessionStore {
  /** `outdated`: main is another version than this page; it is to be loaded again. */
  state: 'connecting' | 'open' | 'lost' | 'outdated';
  /** Absent before the first line is open; the last one's while it is lost. */
  session: Session | undefined;
  /** Changes settings: at once on the page, then for good. */
  change(change: SettingsChange): Promise<void>;
  /** As `change`, for what changes with every key or step of a slider: what comes close together is written as one. */
  changeSoon(change: SettingsChange): void;
  /** Writes what `changeSoon` still holds back. */
  flush(): void;
}

/** Milliseconds before a lost line is tried again: the first time, and at most. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

export const useSessionStore = create<SessionStore>()((set, get) => {
  const writer = new SettingsWriter({
    write: async (change) => {
      const { session } = get();
      if (!session) throw new EnlargerError('stopped', 'Enlarger does not answer yet. Try again.');
      return session.client.settings.set(change);
    },
    show: (settings) => set(({ session }) => ({ session: session && { ...session, settings } })),
    shown: () => get().session?.settings,
    onProblem: (error) => toasts.add({ description: errorOf(error).message, type: 'problem', timeout: 0 }),
  });
  return {
    state: 'connecting',
    session: undefined,
    change: (change) => writer.change(change),
    changeSoon: (change) => writer.changeSoon(change),
    flush: () => writer.flush(),
  };
});

/** Keeps a line open and the stores true until `signal` aborts. */
export async function keepSession(signal: AbortSignal): Promise<void> {
  for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const opened = await runSession(signal).catch(() => false);
    if (signal.aborted || useSessionStore.getState().state === 'outdated') return;
    useSessionStore.setState(({ session }) => ({ state: session ? 'lost' : 'connecting' }));
    if (opened) wait = FIRST_WAIT;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Resolves when the line is cut, to whether it had been open. */
async function runSession(signal: AbortSignal): Promise<boolean> {
  const { client, cut } = await openLine();
  const { protocol, version } = await client.greeting();
  if (protocol !== CONTRACT_VERSION) {
    useSessionStore.setState({ state: 'outdated' });
    return false;
  }
  const [capabilities, models, settings] = await Promise.all([
    client.capabilities(),
    client.models.list(),
    client.settings.get(),
  ]);
  await useOut.getState().restore(client, capabilities);
  useSessionStore.setState({
    state: 'open',
    session: { client, capabilities, models, settings, version },
  });
  // Whatever it fails of, the first batch fails of it, too, and says so.
  client.models.warmUp(settings.recipe).catch(() => {});
  const following = useLibrary.getState().follow(client, signal);
  // What is cut ends by itself, and cannot be told that it is over.
  await Promise.race([cut, following.catch(() => {})]);
  return true;
}

/** The session, inside of what is only shown once there is one. */
export function useSession(): Session {
  const session = useSessionStore((store) => store.session);
  if (!session) throw new Error('shown before the first line was open');
  return session;
}

export function useClient(): EnlargerClient {
  return useSession().client;
}
